/** What all parts of reading tests share. */
import type { DiagnosticDetails, Diagnostics, SpecPath } from '../../../base/diagnostics.ts'
import { isMasked } from '../../yaml/yaml-tree.ts'
import type { YamlNode } from '../../yaml/yaml-tree.ts'

/** What reading tests needs; a test file has no pipeline around it. */
export class TestReading {
  readonly diagnostics: Diagnostics
  readonly root: YamlNode | null

  constructor(diagnostics: Diagnostics, root: YamlNode | null) {
    this.diagnostics = diagnostics
    this.root = root
  }

  error(path: SpecPath, message: string, details: DiagnosticDetails): void {
    if (!isMasked(this.root, path)) this.diagnostics.error('TEST_INVALID', path, message, details)
  }
}
