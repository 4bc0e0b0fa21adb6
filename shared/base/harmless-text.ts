/** Foreign text as a terminal may show it. */

/** JSON leaves those from here on as they are. */
const DELETE = '\u007f'

/** With every control character as an escape of JSON: nothing in it steers the terminal. */
export function harmlessText(text: string): string {
  return text.replace(/\p{Cc}/gu, (one) => {
    if (one < DELETE) return JSON.stringify(one).slice(1, -1)
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
