/** What all parts of the reader share: options, tree, diagnostics, and the values of parameters. */
import type { z } from 'zod'
import type { Diagnostics, SpecPath } from '../../base/diagnostics.ts'
import type { ConnectorConfig } from '../../spi/connector.ts'
import { checkForm } from '../form/check-form.ts'
import type { TreePlaces } from '../yaml/tree-places.ts'
import { isMasked, nodeAt, plainOf } from '../yaml/yaml-tree.ts'
import type { YamlNode } from '../yaml/yaml-tree.ts'

export type FileRead =
  | { readonly kind: 'file'; readonly bytes: Uint8Array | string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly reason: string }

export interface ReaderOptions {
  /** As it is shown, and what relative paths in it start from. */
  readonly path: string
  /** The text, where it is at hand; else `readFile(path)`. */
  readonly text?: string | Uint8Array
  readonly readFile: (path: string) => Promise<FileRead>
  /** Imports a module of the author; absent: functions and schemas of files stay references. */
  readonly loadModule?: (path: string) => Promise<Readonly<Record<string, unknown>>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** `--set`: values as given, checked by the type of the parameter. */
  readonly set?: Readonly<Record<string, string>>
  readonly registry: ReadonlyMap<string, ConnectorConfig>
  /** `--env`: the environment to lay over. */
  readonly environment?: string
}

export class ReadContext {
  readonly options: ReaderOptions
  readonly diagnostics: Diagnostics
  readonly places: TreePlaces
  /** Blocks that are not, or not wholly, in the specification, since errors were reported. */
  readonly broken = new Set<string>()
  /** `group.name` of blocks whose name another block has already. */
  readonly twice = new Set<string>()
  /** Groups that stand in the file under another word. */
  readonly misspelledGroups = new Set<string>()
  /** Names in `schemas` whose types could not be read; what uses them is broken too. */
  readonly brokenSchemas = new Set<string>()
  /** Values of parameters, defaults and `--set` together. */
  readonly params: Record<string, unknown> = {}
  #root: YamlNode | null = null

  constructor(options: ReaderOptions, diagnostics: Diagnostics, places: TreePlaces) {
    this.options = options
    this.diagnostics = diagnostics
    this.places = places
  }

  get root(): YamlNode | null {
    return this.#root
  }

  useTree(root: YamlNode | null): void {
    this.#root = root
    this.places.useTree(root)
  }

  node(path: SpecPath): YamlNode | null {
    return nodeAt(this.#root, path)
  }

  isSilent(path: SpecPath): boolean {
    return isMasked(this.#root, path)
  }

  /** The value at a path by its form; null, and diagnostics, when it does not fit. */
  check<Form extends z.ZodType>(
    form: Form,
    path: SpecPath,
    value: unknown = plain(this.node(path)),
  ): z.output<Form> | null {
    const checked = checkForm(form, {
      path,
      value,
      diagnostics: this.diagnostics,
      isSilent: (below) => this.isSilent(below),
    })
    const hidden = this.isSilent(path)
    if (!checked.isClean || hidden) this.breakBlock(path)
    return checked.value
  }

  /** `path` leads into a block: the specification lacks it, or a part of it. */
  breakBlock(path: SpecPath): void {
    const [group, name] = path
    if (group !== undefined && BLOCK_GROUPS.has(String(group)) && name !== undefined) {
      this.broken.add(String(name))
    }
  }
}

const BLOCK_GROUPS = new Set(['sources', 'tables', 'transformations', 'sinks'])

function plain(node: YamlNode | null): unknown {
  return node === null ? undefined : plainOf(node)
}
