/**
 * Tells of saves. Folders are watched and not files, since many editors save by writing another file
 * and renaming it, which ends a watch of the file itself; a burst of saves is told once.
 *
 * Owns: the watchers and the timer of a burst. Invariant: after `close` nothing is told.
 */
import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** So long without another event: an editor writes in several steps. */
const SETTLE_MS = 25

export class FileWatch {
  readonly #onSave: (changedAt: number) => void
  readonly #watchers = new Map<string, FSWatcher>()
  #names = new Map<string, ReadonlySet<string>>()
  #timer: NodeJS.Timeout | null = null
  #firstAt = 0

  constructor(onSave: (changedAt: number) => void) {
    this.#onSave = onSave
  }

  /** From now on saves of these files are told, and of no others. */
  follow(paths: Iterable<string>): void {
    const byFolder = Map.groupBy(paths, (path) => dirname(path))
    this.#names = new Map(
      [...byFolder].map(([folder, all]) => [folder, new Set(all.map((path) => basename(path)))]),
    )
    for (const [folder, watcher] of this.#watchers) {
      if (this.#names.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of this.#names.keys()) this.#watch(folder)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && this.#names.get(folder)?.has(name) === true) this.#settle()
      })
      // The folder went away: its files cannot be saved any more, until they are loaded again.
      watcher.on('error', () => this.#watchers.delete(folder))
      this.#watchers.set(folder, watcher)
    } catch {
      // A file that is named but whose folder is not there yet: the message about it says so.
    }
  }

  #settle(): void {
    if (this.#timer === null) this.#firstAt = performance.now()
    else clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#onSave(this.#firstAt)
    }, SETTLE_MS)
  }
}
