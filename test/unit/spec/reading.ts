/** Reads pipeline files in tests: real connectors, files from the disk or from memory. */
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import type { Diagnostic } from '../../../shared/base/diagnostics.ts'
import { readPipeline } from '../../../shared/spec/read-pipeline.ts'
import type { FileRead, ReadPipeline, ReaderOptions } from '../../../shared/spec/read-pipeline.ts'

export const REGISTRY = new Map(Object.entries(CONNECTOR_CONFIGS))

type Files = Readonly<Record<string, string | Uint8Array>>

/** A file of memory, named p.yaml; others beside it by name. */
export function readText(
  text: string | Uint8Array,
  more: Partial<ReaderOptions> & { files?: Files } = {},
): Promise<ReadPipeline> {
  const { files = {}, ...options } = more
  return readPipeline({
    path: 'p.yaml',
    text,
    env: {},
    registry: REGISTRY,
    readFile: (path) => Promise.resolve(fileOf(files, path)),
    ...options,
  })
}

function fileOf(files: Files, path: string): FileRead {
  const bytes = Object.hasOwn(files, path) ? files[path] : undefined
  return bytes === undefined ? { kind: 'missing' } : { kind: 'file', bytes }
}

export async function readDisk(path: string): Promise<FileRead> {
  try {
    return { kind: 'file', bytes: await readFile(path) }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    return code === 'EISDIR' ? { kind: 'directory' } : { kind: 'missing' }
  }
}

export async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
}

/** `CODE line:column` of each, in order. */
export function places(read: ReadPipeline): string[] {
  return read.diagnostics.all.map((one) => `${one.code} ${placeOf(one, read)}`)
}

function placeOf(one: Diagnostic, read: ReadPipeline): string {
  const { line, column } = read.places.locate(one.path, {
    ...(one.onKey === undefined ? {} : { onKey: one.onKey }),
    ...(one.span === undefined ? {} : { span: one.span }),
  })
  return `${line}:${column}`
}

export function codes(read: ReadPipeline): string[] {
  return read.diagnostics.all.map((one) => one.code)
}
