/** A JSON object while it is built. */
export type JsonMap = Readonly<Record<string, unknown>>
