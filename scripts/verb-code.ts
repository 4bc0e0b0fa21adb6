/** The code of each verb, by name; imported only when the verb is asked for. */
import type { CommandRun } from './commands/command.ts'

export const VERB_CODE: Readonly<Record<string, () => Promise<CommandRun>>> = {
  init: async () => (await import('./commands/init.ts')).init,
  dev: async () => (await import('./commands/dev.ts')).dev,
  check: async () => (await import('./commands/check.ts')).check,
  explain: async () => (await import('./commands/explain.ts')).explain,
  preview: async () => (await import('./commands/preview.ts')).preview,
  test: async () => (await import('./commands/test.ts')).test,
  run: async () => (await import('./commands/run.ts')).run,
  schema: async () => (await import('./commands/schema.ts')).schema,
  types: async () => (await import('./commands/row-types.ts')).types,
  docs: async () => (await import('./commands/docs.ts')).docs,
}
