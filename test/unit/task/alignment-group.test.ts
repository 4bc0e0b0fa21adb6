/** Sources that meet: who is ahead, and that whoever is slowest never waits. */
import test from 'ava'
import { AlignmentGroup, type AlignedSource } from '../../../node/task/alignment-group.ts'

const LEAD_MS = 1000

interface Member extends AlignedSource {
  watermark: number
  isAwaited: boolean
  isIdle: boolean
  isDone: boolean
}

function groupOf(...watermarks: readonly number[]): { group: AlignmentGroup; members: Member[] } {
  const group = new AlignmentGroup(LEAD_MS)
  const members = watermarks.map((watermark): Member => {
    const member = { watermark, isAwaited: true, isIdle: false, isDone: false }
    group.join(member)
    return member
  })
  return { group, members }
}

const ahead = ({ group, members }: ReturnType<typeof groupOf>): boolean[] =>
  members.map((member) => group.isAhead(member))

test('alignment: who leads the slowest by more than the bound waits, and nobody else', (t) => {
  t.deepEqual(ahead(groupOf(5000, 6000, 6001)), [false, false, true])
  t.deepEqual(ahead(groupOf(5000)), [false])
  t.deepEqual(ahead(groupOf(5000, 5000)), [false, false])
})

test('alignment: the idle, the ended and the timeless are not waited for', (t) => {
  for (const change of [{ isIdle: true }, { isDone: true }, { isAwaited: false }]) {
    const both = groupOf(0, 9000)
    t.deepEqual(ahead(both), [false, true])
    Object.assign(both.members[0] as Member, change)
    t.deepEqual(ahead(both), [false, false], JSON.stringify(change))
  }
})

test('alignment: a source that has said nothing stands where the other began', (t) => {
  const both = groupOf(Number.NEGATIVE_INFINITY, 9000)
  t.deepEqual(ahead(both), [false, false])
  const [, second] = both.members
  if (second !== undefined) second.watermark = 10_000
  t.deepEqual(ahead(both), [false, false])
  if (second !== undefined) second.watermark = 10_001
  t.deepEqual(ahead(both), [false, true])
})

test('alignment: in every state somebody may go on', (t) => {
  const times = [Number.NEGATIVE_INFINITY, 0, 999, 1001, 5000, Number.POSITIVE_INFINITY]
  for (const a of times) {
    for (const b of times) {
      for (const c of times) t.true(ahead(groupOf(a, b, c)).includes(false), `${a}, ${b}, ${c}`)
    }
  }
})
