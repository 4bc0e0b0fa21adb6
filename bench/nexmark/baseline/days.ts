/** Days of UTC as numbers and as texts. */

export const DAY_MS = 86_400_000
export const MINUTE_MS = 60_000
const ENCODER = new TextEncoder()

/** yyyy-MM-dd in UTF-8. */
export function dayText(day: number): Uint8Array {
  return ENCODER.encode(new Date(day * DAY_MS).toISOString().slice(0, 10))
}

/** HH:mm in UTF-8, by minute of a day. */
export function minuteTexts(): Uint8Array[] {
  return Array.from({ length: DAY_MS / MINUTE_MS }, (_, minute) =>
    ENCODER.encode(new Date(minute * MINUTE_MS).toISOString().slice(11, 16)),
  )
}
