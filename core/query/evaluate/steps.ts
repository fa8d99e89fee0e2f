/**
 * How windows are cut into buckets. They are counted back from the end of the window, so a slot's value depends on the slot
 * alone, not on who else is asked for; where the window begins, the oldest is cut short.
 */

/** Buckets of one window at most: finer ones cost time and change an average little. */
export const bucketsMax = 300
const minuteMs = 60_000

/** Round lengths: a minute up to windows of five hours, 5 minutes up to a day, an hour up to a week, 3 hours for a month. */
const lengthsMs = [1, 5, 10, 15, 20, 30, 60, 120, 180, 240].map((minutes) => minutes * minuteMs)

/** Empty buckets of a full window at most, as Datadog's. */
export const emptyBucketsMax = 3

/** For all windows of a query the same, however long the present one is: else its value would jump as it grows. */
export function bucketLengthMs(windowMs: number): number {
  return lengthsMs.find((length) => windowMs / length <= bucketsMax) ?? Math.ceil(windowMs / bucketsMax)
}
