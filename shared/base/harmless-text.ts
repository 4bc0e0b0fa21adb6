/** Foreign text as a terminal may show it. */

/** With every control character as an escape of JSON: nothing in it steers the terminal. */
export function harmlessText(text: string): string {
  return text.replace(/\p{Cc}/gu, (one) => JSON.stringify(one).slice(1, -1))
}
