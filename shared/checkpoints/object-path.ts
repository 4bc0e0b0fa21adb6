/**
 * Paths of objects in a checkpoint store: folders and a name, separated by `/`, of letters, digits,
 * `-`, `_` and `.`. None begins with a dot, so that none leads out of the store (`..`), and files in
 * the making (`.part`) are never objects.
 */
import { StreamError } from '../base/errors.ts'

const PATH = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}(\/[A-Za-z0-9_][A-Za-z0-9._-]{0,126})*$/
/** S3's bound of a key is 1,024 bytes; a prefix of the user comes in front. */
const PATH_CHARACTERS_MAX = 512

/** The path, or an error for a reference that leads elsewhere. */
export function objectPath(text: string): string {
  if (text.length <= PATH_CHARACTERS_MAX && PATH.test(text)) return text
  throw new StreamError('CHECKPOINT_DAMAGED', `${JSON.stringify(text)} is no path in the store`, {
    fix: 'restore from another checkpoint; verify the store with its backup',
  })
}
