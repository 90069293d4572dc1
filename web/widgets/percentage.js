// Percentage: the same as a Gauge, as a ring, and in % unless it has a unit of its own.
import { gauge } from "./gauge.js";

export const percentage = (element, { unit = "%", ...settings }) => gauge(element, { unit, ...settings });
