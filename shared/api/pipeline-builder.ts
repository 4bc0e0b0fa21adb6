/**
 * Collects the blocks of a TypeScript pipeline into a specification.
 *
 * Owns: names that are taken, mistakes found while building, the call sites of blocks and steps.
 * Invariant: every chain that was begun is either closed by `.as` or named as a mistake.
 */
import { type Diagnostic, Diagnostics, type SpecPath } from '../base/diagnostics.ts'
import type {
  PipelineSpec,
  SinkSpec,
  SourceSpec,
  TableSpec,
  TransformationSpec,
} from '../spec/pipeline-spec.ts'
import { type CallSite, CallSites } from './call-site.ts'
import type { CheckedUse, ConnectorUse } from './connector-use.ts'
import { checkOptions } from './connector-options.ts'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export class PipelineBuilder {
  readonly diagnostics = new Diagnostics()
  readonly sites: CallSites
  readonly #name: string
  readonly #sources: Record<string, SourceSpec> = Object.create(null)
  readonly #tables: Record<string, TableSpec> = Object.create(null)
  readonly #transformations: Record<string, TransformationSpec> = Object.create(null)
  readonly #sinks: Record<string, SinkSpec> = Object.create(null)
  /** Chains that were begun and neither continued nor closed yet. */
  readonly #open = new Set<{ readonly site: CallSite }>()
  readonly #broken = new Set<string>()
  readonly #extra: Partial<Mutable<PipelineSpec>>

  constructor(name: string, site: CallSite, extra: Partial<PipelineSpec>) {
    this.#name = name
    this.#extra = { ...extra }
    this.sites = new CallSites(site)
  }

  addSource(name: string, spec: SourceSpec, site: CallSite): void {
    this.#claim(['sources', name], site)
    this.#sources[name] = spec
  }

  addTable(name: string, spec: TableSpec, site: CallSite): void {
    this.#claim(['tables', name], site)
    this.#tables[name] = spec
  }

  addTransformation(name: string, spec: TransformationSpec, site: CallSite): void {
    this.#claim(['transformations', name], site)
    this.#transformations[name] = spec
  }

  addSink(name: string, spec: SinkSpec, site: CallSite): void {
    this.#claim(['sinks', name], site)
    this.#sinks[name] = spec
  }

  /** A connector's options as a part of the specification; wrong ones are reported and left out. */
  useOf<T>(
    path: readonly ['sources' | 'tables' | 'sinks', string],
    use: ConnectorUse<unknown>,
    make: (use: CheckedUse) => T,
  ): T {
    const { language, config, problems } = checkOptions(path[0], use)
    for (const { key, message, fix } of problems) {
      this.error('KEY_UNKNOWN', [...path, key], { message, fix })
      this.markBroken(path[1])
    }
    const { connection } = language
    const { connections } = this.#extra
    if (typeof connection === 'string' && connections?.[connection] === undefined) {
      const names = Object.keys(connections ?? {})
      this.error('CONNECTION_UNKNOWN', [...path, 'connection'], {
        message: `there is no connection \`${connection}\``,
        fix:
          names.length === 0
            ? `name it: pipeline('…', { connections: { ${connection}: { … } } }, p => …)`
            : `connections are ${names.join(', ')}`,
      })
      this.markBroken(path[1])
    }
    return make({ connector: use.connector, language, config })
  }

  /** Says nothing more of this block, nor of what reads from it. */
  markBroken(name: string): void {
    this.#broken.add(name)
  }

  /** A mistake that belongs to no block that could be named. */
  errorAt(site: CallSite, code: Diagnostic['code'], text: { message: string; fix?: string }): void {
    const path = ['transformations', `${site.file}:${site.line}:${site.column}`]
    this.sites.record(path, site)
    this.error(code, path, text)
  }

  error(code: Diagnostic['code'], path: SpecPath, text: { message: string; fix?: string }): void {
    const { message, fix } = text
    this.diagnostics.error(code, path, message, fix === undefined ? {} : { fix })
  }

  /** A chain goes on from `from`: the new end is open, the former is not an end any more. */
  continueChain(from: { readonly site: CallSite } | null, to: { readonly site: CallSite }): void {
    if (from !== null) this.#open.delete(from)
    this.#open.add(to)
  }

  closeChain(chain: { readonly site: CallSite }): void {
    this.#open.delete(chain)
  }

  finish(): PipelineSpec {
    for (const chain of this.#open) {
      this.errorAt(chain.site, 'BLOCK_UNNAMED', {
        message: 'this chain ends without a name: nothing can read it',
        fix: "close it with .as('name')",
      })
    }
    return {
      pipeline: this.#name,
      ...this.#extra,
      sources: { ...this.#sources },
      sinks: { ...this.#sinks },
      ...(Object.keys(this.#tables).length > 0 ? { tables: { ...this.#tables } } : {}),
      transformations: { ...this.#transformations },
      ...(this.#broken.size > 0 ? { broken: [...this.#broken] } : {}),
    }
  }

  /** What the author's own code threw ends the building: nothing more is said of what is there. */
  fail(site: CallSite, code: Diagnostic['code'], text: { message: string; fix?: string }): void {
    this.errorAt(site, code, text)
    this.#open.clear()
    const groups = [this.#sources, this.#tables, this.#transformations, this.#sinks]
    for (const group of groups) for (const name of Object.keys(group)) this.markBroken(name)
  }

  #claim(path: readonly [string, string], site: CallSite): void {
    const [, name] = path
    if (!IDENTIFIER.test(name)) {
      this.error('NAME_INVALID', path, {
        message: `${JSON.stringify(name)} is not the name of a block`,
        fix: 'names are letters, digits and _, and begin with no digit',
      })
      this.markBroken(name)
    }
    const taken = [this.#sources, this.#tables, this.#transformations].some((all) => name in all)
    if (path[0] === 'sinks' ? name in this.#sinks : taken) {
      this.error('NAME_TAKEN', path, {
        message: `there is a block named "${name}" already`,
        fix: 'give each block a name of its own: state and metrics are kept under it',
      })
    }
    this.sites.record(path, site)
  }
}
