/**
 * Who reads whom: names resolved to block and output, one order for all passes.
 *
 * The order is topological, ties by name. Blocks in a circle, or that read an unknown name, stand in
 * no order: they are reported and left out, and so is what reads them.
 */
import type { Diagnostics, SpecPath } from '../base/diagnostics.ts'
import { nearestName } from '../base/nearest-name.ts'
import type { PipelineSpec } from '../spec/pipeline-spec.ts'
import type { InputRef } from './plan.ts'
import { listNames } from './row.ts'

export type Section = 'sources' | 'transformations' | 'sinks'

export interface Graph {
  /** Names of blocks that can be planned, each after what it reads. */
  readonly order: readonly string[]
  readonly sections: ReadonlyMap<string, Section>
  /** What a block reads; a join's right side is last. */
  readonly inputs: ReadonlyMap<string, readonly InputRef[]>
  /** Names of the blocks that read `block.output`, in order of name. */
  readonly readers: ReadonlyMap<string, readonly string[]>
}

/** One written reference and where it stands. */
interface Written {
  readonly text: string
  readonly path: SpecPath
}

/** What is read when nobody knows what is read: its readers stand in no order. */
const UNPLANNED: InputRef = { block: '', output: '' }

export const ALL_DEAD_LETTERS = 'dead_letter'

export function resolveGraph(spec: PipelineSpec, diagnostics: Diagnostics): Graph {
  return new GraphResolver(spec, diagnostics).resolve()
}

class GraphResolver {
  readonly #spec: PipelineSpec
  readonly #diagnostics: Diagnostics
  readonly #sections = new Map<string, Section>()
  readonly #lateAliases = new Map<string, string>()
  readonly #inputs = new Map<string, InputRef[]>()
  readonly #broken = new Set<string>()

  constructor(spec: PipelineSpec, diagnostics: Diagnostics) {
    this.#spec = spec
    this.#diagnostics = diagnostics
  }

  resolve(): Graph {
    this.#collectNames()
    const collectors: string[] = []
    for (const [name, refs] of this.#written()) {
      if (refs.some((one) => one.text === ALL_DEAD_LETTERS)) collectors.push(name)
      const resolved = refs.map((one) => this.#reference(one))
      this.#inputs.set(name, resolved.flat())
    }
    for (const name of collectors) this.#inputs.set(name, this.#allDeadLetters(name))
    const order = this.#order()
    return { order, sections: this.#sections, inputs: this.#inputs, readers: this.#readers() }
  }

  #collectNames(): void {
    const { sources, transformations = {}, sinks } = this.#spec
    for (const name of Object.keys(sources)) this.#name(name, 'sources')
    for (const name of Object.keys(transformations)) this.#name(name, 'transformations')
    for (const name of Object.keys(sinks)) this.#name(name, 'sinks')
    for (const name of Object.keys(this.#spec.tables ?? {})) {
      const other = this.#sections.get(name)
      if (other !== undefined) this.#taken(name, ['tables', name], other)
    }
    for (const [name, block] of Object.entries(transformations)) {
      if (block.late === undefined) continue
      const path = ['transformations', name, 'window', 'late']
      const other = this.#sections.get(block.late)
      if (other !== undefined) this.#taken(block.late, path, other)
      else if (this.#lateAliases.has(block.late)) this.#taken(block.late, path, 'transformations')
      else this.#lateAliases.set(block.late, name)
    }
  }

  #name(name: string, section: Section): void {
    const other = this.#sections.get(name)
    if (other !== undefined) this.#taken(name, [section, name], other)
    else this.#sections.set(name, section)
    if (name !== ALL_DEAD_LETTERS) return
    this.#diagnostics.error(
      'NAME_TAKEN',
      [section, name],
      '`dead_letter` is the stream of all dead letters',
      {
        onKey: true,
        fix: 'give the block another name',
      },
    )
  }

  #taken(name: string, path: SpecPath, other: Section): void {
    this.#diagnostics.error(
      'NAME_TAKEN',
      path,
      `\`${name}\` is also the name of a block in \`${other}\``,
      {
        onKey: true,
        fix: 'names are unique in the whole pipeline, since state and metrics go by them',
      },
    )
  }

  /** Every reference, by block. */
  #written(): Map<string, Written[]> {
    const written = new Map<string, Written[]>()
    for (const name of Object.keys(this.#spec.sources)) written.set(name, [])
    for (const [name, block] of Object.entries(this.#spec.transformations ?? {})) {
      const path: SpecPath = ['transformations', name]
      const single = block.from.length === 1
      const refs = block.from.map((text, index) => ({
        text,
        path: single ? [...path, 'from'] : [...path, 'from', index],
      }))
      if (block.core?.kind === 'join') {
        const { alias, from } = block.core.join
        refs.push({ text: from, path: [...path, 'join', alias, 'from'] })
      }
      written.set(name, refs)
    }
    for (const [name, sink] of Object.entries(this.#spec.sinks)) {
      written.set(name, [{ text: sink.from, path: ['sinks', name, 'from'] }])
    }
    return written
  }

  #reference(written: Written): InputRef[] {
    if (written.text === ALL_DEAD_LETTERS) return []
    if (this.#spec.broken?.includes(written.text.split('.')[0] ?? '') === true) return [UNPLANNED]
    const dot = written.text.indexOf('.')
    const block = dot < 0 ? written.text : written.text.slice(0, dot)
    const side = dot < 0 ? 'main' : written.text.slice(dot + 1)
    const owner = this.#lateAliases.get(block)
    if (owner !== undefined && dot < 0) return [{ block: owner, output: 'late' }]
    const section = this.#sections.get(block)
    const isSinkDeadLetter = section === 'sinks' && side === 'dead_letter'
    if (section !== undefined && (section !== 'sinks' || isSinkDeadLetter)) {
      return [{ block, output: side }]
    }
    this.#refuse(written, block, section)
    return [UNPLANNED]
  }

  #refuse(written: Written, block: string, section: Section | undefined): void {
    if (section === 'sinks') {
      const from = this.#spec.sinks[block]?.from ?? ''
      this.#diagnostics.error(
        'BLOCK_UNKNOWN',
        written.path,
        `\`${block}\` is a sink: nothing comes out of it`,
        {
          fix: `read what it reads: \`${from}\``,
        },
      )
      return
    }
    if (this.#spec.tables?.[block] !== undefined) {
      this.#diagnostics.error(
        'TABLE_MISUSED',
        written.path,
        `\`${block}\` is a table, not a stream`,
        {
          fix: `enrich with it: \`lookup: { alias: { from: ${block}, on: … } }\``,
        },
      )
      return
    }
    // A chain without a name, which was reported where it ends.
    if (block === '') return
    const names = [...this.#readable()]
    const near = nearestName(block, names)
    const none = 'the pipeline has no block to read yet: write one below `sources`'
    const list = names.length === 0 ? none : `one of ${listNames(names)}`
    const fix = near === null ? list : `write \`${written.text.replace(block, near)}\``
    this.#diagnostics.error('BLOCK_UNKNOWN', written.path, `there is no block \`${block}\``, {
      fix,
    })
  }

  /** Blocks that are broken themselves are there all the same, unless they are sinks or tables. */
  #readable(): string[] {
    const blocks = [...this.#sections].filter(([, section]) => section !== 'sinks')
    const names = new Set([...blocks.map(([name]) => name), ...this.#lateAliases.keys()])
    for (const name of this.#spec.brokenStreams ?? []) names.add(name)
    return [...names]
  }

  /** Of every block but the reader and what comes after it. */
  #allDeadLetters(reader: string): InputRef[] {
    const after = new Set([reader])
    for (let size = 0; size !== after.size;) {
      size = after.size
      for (const [name, refs] of this.#inputs) {
        if (refs.some((ref) => after.has(ref.block))) after.add(name)
      }
    }
    const names = [...this.#sections.keys()].filter((name) => !after.has(name) && this.#fails(name))
    return names.toSorted().map((block) => ({ block, output: 'dead_letter' }))
  }

  #fails(name: string): boolean {
    const { sources, transformations = {}, sinks, defaults } = this.#spec
    const block = sources[name] ?? transformations[name] ?? sinks[name]
    return (block?.on_error ?? defaults?.on_error) === 'dead_letter'
  }

  #order(): string[] {
    const waiting = new Map<string, number>()
    for (const [name, refs] of this.#inputs) {
      waiting.set(name, new Set(refs.map((ref) => ref.block)).size)
    }
    const order: string[] = []
    const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
    while (ready.length > 0) {
      const name = ready.toSorted()[0]
      if (name === undefined) break
      ready.splice(ready.indexOf(name), 1)
      order.push(name)
      for (const [other, refs] of this.#inputs) {
        if (!refs.some((ref) => ref.block === name)) continue
        const left = (waiting.get(other) ?? 0) - 1
        waiting.set(other, left)
        if (left === 0) ready.push(other)
      }
    }
    this.#reportCycles(order)
    return order
  }

  #reportCycles(order: readonly string[]): void {
    const left = new Set([...this.#inputs.keys()].filter((name) => !order.includes(name)))
    for (const name of [...left].toSorted()) {
      if (this.#broken.has(name)) continue
      const cycle = this.#cycleFrom(name, left)
      if (cycle === null) continue
      for (const one of cycle) this.#broken.add(one)
      const section = this.#sections.get(name) ?? 'transformations'
      const text = [...cycle, cycle[0]].map((one) => `\`${one}\``).join(' reads ')
      this.#diagnostics.error(
        'BLOCK_CYCLE',
        [section, name, 'from'],
        `blocks read each other in a circle: ${text}`,
        {
          fix: 'let one of them read a block outside of the circle',
        },
      )
    }
  }

  /** The circle that `name` is part of, or null. */
  #cycleFrom(name: string, left: ReadonlySet<string>): string[] | null {
    const trail: string[] = []
    const seen = new Set<string>()
    const visit = (at: string): boolean => {
      trail.push(at)
      seen.add(at)
      for (const ref of this.#inputs.get(at) ?? []) {
        if (ref.block === name) return true
        if (left.has(ref.block) && !seen.has(ref.block) && visit(ref.block)) return true
      }
      trail.pop()
      return false
    }
    return visit(name) ? trail : null
  }

  #readers(): Map<string, string[]> {
    const readers = new Map<string, string[]>()
    for (const [name, refs] of this.#inputs) {
      for (const ref of refs) {
        const key = `${ref.block}.${ref.output}`
        const list = readers.get(key)
        if (list === undefined) readers.set(key, [name])
        else if (!list.includes(name)) list.push(name)
      }
    }
    for (const list of readers.values()) list.sort()
    return readers
  }
}
