/** The Random port: the only source of chance. Seeded in tests and simulation. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform whole number in [0, bound). */
  below(bound: number): number
}
