/** Words that no verb or flag has: the message says which one was probably meant. */
import { nearestName } from '../shared/base/nearest-name.ts'
import { GENERAL_FLAGS } from './commands/command.ts'
import { verbName, VERBS } from './verbs.ts'

/** `message` is the parser's. */
export function usageMistake(message: string, words: readonly string[]): string {
  const verb = VERBS.find((one) => words.includes(verbName(one)))
  if (verb === undefined) return withHelp(verbMistake(message, words), '')
  const name = verbName(verb)
  const unknown = /^Unknown arguments?: (.*)$/m.exec(message)?.[1]?.split(', ') ?? []
  if (unknown.length === 0) return withHelp(sentence(message), name)
  const flags = [...GENERAL_FLAGS, ...verb.flags].map((flag) => flag.name)
  const given = new Set(words.map((word) => word.replace(/^--?(no-)?/, '').replace(/=.*$/, '')))
  const lines = unknown
    .filter((word) => given.has(word) || flags.every((flag) => camelCase(flag) !== word))
    .filter(
      (word, index, all) => all.findIndex((one) => camelCase(one) === camelCase(word)) === index,
    )
    .map((word) => {
      const isFlag = words.some((one) => one.startsWith('-') && one.includes(word))
      const nearest = isFlag ? nearestName(word, flags) : null
      const shown = isFlag ? `--${word}` : word
      return `${name} does not take ${shown}${nearest === null ? '' : `: did you mean --${nearest}?`}`
    })
  return withHelp(lines.join('\n'), name)
}

function verbMistake(message: string, words: readonly string[]): string {
  const given = words.find((word) => !word.startsWith('-'))
  if (given === undefined) return message
  const nearest = nearestName(given, VERBS.map(verbName))
  return `there is no verb ${given}${nearest === null ? '' : `: did you mean ${nearest}?`}`
}

const camelCase = (word: string): string =>
  word.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** What yargs says of too few positionals, in the words of the usage line. */
function sentence(message: string): string {
  return message.startsWith('Not enough non-option arguments')
    ? 'a name is missing: look at the usage line'
    : message
}

function withHelp(message: string, verb: string): string {
  return `${message}\nmillrace ${verb === '' ? '' : `${verb} `}--help says what there is`
}
