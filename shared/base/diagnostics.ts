/**
 * Diagnostics: mistakes and warnings about what an author wrote, collected all at once.
 *
 * A diagnostic names its place by a path into the pipeline, never by line and column: who has the
 * source text (the YAML reader, the TypeScript builder) turns paths into places (`Places`).
 */
import type { ErrorCode } from './errors.ts'

/** From the root of the pipeline, e.g. `['transformations', 'sessions', 'where']`. */
export type SpecPath = readonly (string | number)[]

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note'
  readonly code: ErrorCode
  readonly path: SpecPath
  /** Whether the key itself is meant and not its value. */
  readonly onKey?: boolean
  /** Offsets in the text of a scalar (an expression) that `path` leads to. */
  readonly span?: { readonly start: number; readonly end: number }
  /** What is wrong, with the value. One or two sentences. */
  readonly message: string
  /** Where the type or rule came from, when that is elsewhere ("user is string?: schema Click"). */
  readonly cause?: string
  /** What to write instead. */
  readonly fix?: string
}

/** Where a path stands in a text. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Columns the caret underlines; at least 1. */
  readonly width: number
  /** The text of that line, for the excerpt; null where no text is at hand. */
  readonly text: string | null
}

export interface Places {
  locate(
    path: SpecPath,
    options?: { onKey?: boolean; span?: { start: number; end: number } },
  ): Place
}

/** Collects diagnostics; the passes of a check share one. */
export class Diagnostics {
  readonly all: Diagnostic[] = []

  error(code: ErrorCode, path: SpecPath, message: string, more: DiagnosticDetails = {}): void {
    this.all.push({ severity: 'error', code, path, message, ...more })
  }

  warning(code: ErrorCode, path: SpecPath, message: string, more: DiagnosticDetails = {}): void {
    this.all.push({ severity: 'warning', code, path, message, ...more })
  }

  note(code: ErrorCode, path: SpecPath, message: string, more: DiagnosticDetails = {}): void {
    this.all.push({ severity: 'note', code, path, message, ...more })
  }

  get hasErrors(): boolean {
    return this.all.some((one) => one.severity === 'error')
  }
}

export type DiagnosticDetails = Pick<Diagnostic, 'onKey' | 'span' | 'cause' | 'fix'>
