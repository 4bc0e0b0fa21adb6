/** One file from port to tree: missing, directory, binary, empty, not UTF-8, not YAML. */
import type { ErrorCode } from '../../base/errors.ts'
import { PIPELINE_FILE_BYTES_MAX } from '../../base/limits.ts'
import { decodeText } from '../yaml/decode-text.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { SourceText } from '../yaml/source-text.ts'
import type { YamlNode } from '../yaml/yaml-tree.ts'
import type { FileRead } from './read-context.ts'

export interface FileProblem {
  readonly code: ErrorCode
  readonly message: string
  readonly cause?: string
  readonly fix: string
}

export type ReadText =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: FileProblem }

export function textOf(path: string, read: FileRead): ReadText {
  if (read.kind === 'file') return decoded(path, read.bytes)
  if (read.kind === 'directory') {
    return refuse('FILE_IS_DIRECTORY', `${path} is a directory`, 'name the file in it')
  }
  if (read.kind === 'missing') {
    return refuse('FILE_MISSING', `${path} does not exist`, 'look at the spelling and the folder')
  }
  return refuse('FILE_UNREADABLE', `${path} cannot be read: ${read.reason}`, 'look at its rights')
}

function refuse(code: ErrorCode, message: string, fix: string): ReadText {
  return { text: null, problem: { code, message, fix } }
}

function decoded(path: string, bytes: Uint8Array | string): ReadText {
  const result = decodeText(bytes)
  if ('text' in result) return { text: result.text, problem: null }
  const { detail } = result
  const limit = `${PIPELINE_FILE_BYTES_MAX / 1024 / 1024} MiB`
  const problems: Record<typeof result.problem, FileProblem> = {
    'too-large': {
      code: 'FILE_TOO_LARGE',
      message: `${path} has ${detail}; a pipeline file has at most ${limit}`,
      fix: 'is it data? A source reads it: `connector: file`',
    },
    binary: {
      code: 'FILE_BINARY',
      message: `${path} is not a text file`,
      cause: `it holds ${detail}`,
      fix: 'name a pipeline file: YAML or TypeScript',
    },
    'not-utf8': {
      code: 'FILE_NOT_UTF8',
      message: `${path} is not encoded in UTF-8`,
      cause: detail,
      fix: 'save it as UTF-8',
    },
  }
  return { text: null, problem: problems[result.problem] }
}

export interface ParsedFile {
  readonly source: SourceText
  readonly root: YamlNode | null
  readonly mistakes: ReturnType<typeof parseYaml>['mistakes']
}

export function parseFile(path: string, text: string): ParsedFile {
  const source = new SourceText(path, text)
  return { source, ...parseYaml(source) }
}
