import Daily from "daily-js-2023";
import { record } from "./record.js";

Object.assign(window, { Daily, record });
