import Daily from "@daily-co/daily-js";
import { record } from "./record.js";

Object.assign(window, { Daily, record });
