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
      const path = ['transformations', `line ${chain.site.line}`]
      this.sites.record(path, chain.site)
      this.error('BLOCK_UNNAMED', path, {
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
    }
  }

  #claim(path: readonly [string, string], site: CallSite): void {
    const [, name] = path
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
