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
import { StreamError } from '../base/errors.ts'
import { connectionOf } from '../spec/effective-config.ts'
import { type CallSite, callSite, CallSites, siteOfError } from './call-site.ts'
import type { CheckedUse, ConnectorUse } from './connector-use.ts'
import { checkOptions, checkValues } from './connector-options.ts'

const PIPELINE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/
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

  addSource(name: string, spec: SourceSpec | null, site: CallSite): void {
    if (this.#claim(['sources', name], site) && spec !== null) this.#sources[name] = spec
  }

  addTable(name: string, spec: TableSpec | null, site: CallSite): void {
    if (this.#claim(['tables', name], site) && spec !== null) this.#tables[name] = spec
  }

  addTransformation(name: string, spec: TransformationSpec, site: CallSite): void {
    if (this.#claim(['transformations', name], site)) this.#transformations[name] = spec
  }

  addSink(name: string, spec: SinkSpec | null, site: CallSite): void {
    if (this.#claim(['sinks', name], site) && spec !== null) this.#sinks[name] = spec
  }

  /** A connector's options as a part of the specification; wrong ones are reported and left out. */
  useOf<T>(
    path: readonly ['sources' | 'tables' | 'sinks', string],
    use: ConnectorUse<unknown>,
    make: (use: CheckedUse) => T,
  ): T | null {
    if (typeof use?.config !== 'object') {
      this.errorAt(callSite(), 'CONNECTOR_UNKNOWN', {
        message: `\`${path[1]}\` has no connector`,
        fix: 'give what a builder makes: file({ path: … }), kafka({ topic: … })',
      })
      this.markBroken(path[1])
      return null
    }
    const { language, config, problems } = checkOptions(path[0], use)
    for (const { key, message, fix } of problems) {
      this.error('KEY_UNKNOWN', [...path, key], { message, fix })
      this.markBroken(path[1])
    }
    const shared = this.#connection(path, language['connection'])
    if (shared === null) this.markBroken(path[1])
    else if (!checkValues(path, use, { config, shared, diagnostics: this.diagnostics })) {
      this.markBroken(path[1])
    }
    try {
      return make({ connector: use.connector, language, config })
    } catch (error) {
      this.refuse(error)
      this.markBroken(path[1])
      return null
    }
  }

  /** Values of the connection; null when there is no such one, which is reported. */
  #connection(path: SpecPath, name: unknown): Readonly<Record<string, unknown>> | null {
    if (typeof name !== 'string') return {}
    const { connections = {} } = this.#extra
    if (Object.hasOwn(connections, name)) return connectionOf({ connection: name }, connections)
    const names = Object.keys(connections)
    this.error('CONNECTION_UNKNOWN', [...path, 'connection'], {
      message: `there is no connection \`${name}\``,
      fix:
        names.length === 0
          ? `name it: pipeline('…', { connections: { ${name}: { … } } }, p => …)`
          : `connections are ${names.join(', ')}`,
    })
    return null
  }

  /** What was thrown for the author is a mistake at the line where it happened. */
  refuse(error: unknown): void {
    if (!(error instanceof StreamError)) throw error
    const { code, message, fix } = error
    this.errorAt(
      siteOfError(error) ?? callSite(),
      code,
      fix === null ? { message } : { message, fix },
    )
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
    if (!PIPELINE_NAME.test(this.#name)) {
      this.error('NAME_INVALID', ['pipeline'], {
        message: `${JSON.stringify(this.#name)} is not the name of a pipeline`,
        fix: 'write lower-case letters, digits, _ and -, at most 63, a letter or digit first',
      })
    }
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

  /** False when the name is taken: then the first block stays, and so does its place. */
  #claim(path: readonly [string, string], site: CallSite): boolean {
    const [group, name] = path
    if (!IDENTIFIER.test(name)) {
      this.sites.record(path, site, name)
      this.error('NAME_INVALID', path, {
        message: `${JSON.stringify(name)} is not the name of a block`,
        fix: 'names are letters, digits and _, and begin with no digit',
      })
      this.markBroken(name)
      return true
    }
    const taken = [this.#sources, this.#tables, this.#transformations].some((all) => name in all)
    if (group === 'sinks' ? name in this.#sinks : taken) {
      this.errorAt(site, 'NAME_TAKEN', {
        message: `there is a block named "${name}" already`,
        fix: 'give each block a name of its own: state and metrics are kept under it',
      })
      this.markBroken(name)
      return false
    }
    this.sites.record(path, site)
    return true
  }
}
