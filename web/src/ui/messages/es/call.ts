export { call } from "../en/call";
