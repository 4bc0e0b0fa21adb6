/** Text for terminals: no control character is left, by trying all of them. */
import test from 'ava'
import { harmlessText } from '../../../shared/base/harmless-text.ts'

const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter(
  (one) => one < ' ' || one >= '\u007f',
)

test('harmless text: every control character becomes its escape, and can be told from it', (t) => {
  for (const one of CONTROLS) {
    const shown = harmlessText(`a${one}b`)
    t.regex(shown, /^a\\[a-z0-9]+b$/)
    t.is(JSON.parse(`"${shown}"`), `a${one}b`)
  }
})

test('harmless text: everything else stays', (t) => {
  const text = 'plain "text" \\ ü 日本 😀\u00a0'
  t.is(harmlessText(text), text)
})
