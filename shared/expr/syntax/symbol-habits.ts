/** Symbols of other languages, and what to write instead. */

export interface Habit {
  readonly message: string
  readonly fix: string
}

export const SYMBOL_HABITS: ReadonlyMap<string, Habit> = new Map([
  ['===', { message: '`===` is JavaScript', fix: 'write `==`' }],
  ['!==', { message: '`!==` is JavaScript', fix: 'write `!=`' }],
  ['=', { message: '`=` does not compare', fix: 'write `==`' }],
  [':=', { message: '`:=` does not compare', fix: 'write `==`' }],
  ['<>', { message: '`<>` is SQL', fix: 'write `!=`' }],
  ['~=', { message: '`~=` is not an operator', fix: 'write `!=`' }],
  [
    '<=>',
    { message: '`<=>` is not an operator', fix: 'write `a == b || (a == null && b == null)`' },
  ],
  ['??', { message: '`??` is JavaScript', fix: 'write `coalesce(a, b)`' }],
  ['?.', { message: '`?.` is not needed: null propagates', fix: 'write `.`' }],
  ['=>', { message: '`=>` is JavaScript', fix: 'write `list.map(x, x + 1)`' }],
  ['**', { message: '`**` is not an operator', fix: 'write `pow(a, b)`' }],
  [
    '^',
    {
      message: '`^` is not an operator',
      fix: 'write `pow(a, b)` for a power, `a != b` for exclusive or',
    },
  ],
  ['&', { message: '`&` alone is not an operator', fix: 'write `&&`' }],
  ['|', { message: '`|` alone is not an operator', fix: 'write `||`' }],
  ['<<', { message: '`<<` is not an operator', fix: 'write `a * pow(2, n)`' }],
  ['>>', { message: '`>>` is not an operator', fix: 'write `div(a, n)`' }],
  ['->', { message: '`->` is not an operator', fix: 'write `json_get(j, "key")`' }],
  ['->>', { message: '`->>` is not an operator', fix: 'write `to_string(json_get(j, "key"))`' }],
  [
    '::',
    {
      message: '`::` does not convert',
      fix: 'write `to_integer(x)`, `to_number(x)`, `to_string(x)`',
    },
  ],
  ['=~', { message: '`=~` is not an operator', fix: 'write `regex_match(text, "pattern")`' }],
  ['!~', { message: '`!~` is not an operator', fix: 'write `!regex_match(text, "pattern")`' }],
  ['~', { message: '`~` is not an operator', fix: 'write `regex_match(text, "pattern")`' }],
  ['++', { message: '`++` is not an operator', fix: 'write `a + 1`' }],
  [
    '+=',
    {
      message: 'an expression assigns nothing',
      fix: 'write `a + b` and name the result with `set`',
    },
  ],
  [
    '-=',
    {
      message: 'an expression assigns nothing',
      fix: 'write `a - b` and name the result with `set`',
    },
  ],
  [
    '*=',
    {
      message: 'an expression assigns nothing',
      fix: 'write `a * b` and name the result with `set`',
    },
  ],
  [
    '/=',
    {
      message: 'an expression assigns nothing',
      fix: 'write `a / b` and name the result with `set`',
    },
  ],
  [';', { message: 'an expression has no `;`', fix: 'leave it out' }],
  [
    '`',
    {
      message: 'names have no backticks',
      fix: 'write the name bare, an odd one as `record["a b"]`, a text as `"text"`',
    },
  ],
  [
    '$',
    {
      message: '`$` is not part of an expression',
      fix: 'write a field by its name, a parameter as `params.name`',
    },
  ],
  ['@', { message: '`@` is not part of an expression', fix: 'write the name bare' }],
  [
    '#',
    {
      message: '`#` is not part of an expression',
      fix: 'a comment in an expression starts with `//`',
    },
  ],
  ['“', { message: 'typographic quotes', fix: 'write `"`' }],
  ['”', { message: 'typographic quotes', fix: 'write `"`' }],
  ['‘', { message: 'typographic quotes', fix: "write `'`" }],
  ['’', { message: 'typographic quotes', fix: "write `'`" }],
  ['≤', { message: '`≤` is not an operator', fix: 'write `<=`' }],
  ['≥', { message: '`≥` is not an operator', fix: 'write `>=`' }],
  ['≠', { message: '`≠` is not an operator', fix: 'write `!=`' }],
])
