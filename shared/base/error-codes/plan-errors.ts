/** Error codes of the area "plan". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from '../error-kind.ts'

/** The author's mistake, found before anything runs. */
const refused = (title: string): ErrorKind => ({
  domain: 'user',
  certainty: 'not-done',
  remedy: 'refuse',
  title,
})

/** Said beside a plan that is fine. */
const remark = (title: string): ErrorKind => ({
  domain: 'user',
  certainty: 'done',
  remedy: 'none',
  title,
})

export const PLAN_ERRORS = {
  AGGREGATE_REFUSED: refused('An aggregate cannot do what is asked of it here.'),
  BLOCK_CYCLE: refused('Blocks read each other in a circle.'),
  BLOCK_UNKNOWN: refused('A block reads a name that no block has.'),
  BLOCK_UNREAD: remark('Nobody reads the rows of a block.'),
  CHANGES_REFUSED: refused('A block that takes appended rows only gets rows that change.'),
  CONNECTOR_CONFIG_WRONG: refused('The keys of a connector are not as its config says.'),
  CONNECTOR_NO_SIDE: refused('A connector is used as source, table or sink but has no such side.'),
  DEAD_LETTER_OFF: refused('Somebody reads the dead letters of a block that makes none.'),
  DURATION_WRONG: refused('A duration or count is outside of what it may be.'),
  EVENT_TIME_LOST: refused('A block needs event time that a block before it lost.'),
  EVENT_TIME_MISSING: refused('A block needs event time and the source has none.'),
  EVENT_TIME_WRONG: refused('The event time of a source is no timestamp field of it.'),
  FIELD_TAKEN: refused('Two fields of one row would have the same name.'),
  FIELD_UNKNOWN: refused('A row has no field of that name.'),
  FUNCTION_MISMATCH: refused('A TypeScript function does not fit the rows it is given.'),
  FUNCTION_NOT_LOADED: refused('A TypeScript function has no definition of the kind needed.'),
  JOIN_BOUND_MISSING: remark('A join keeps rows for ever.'),
  JOIN_CONDITION_WRONG: refused('The condition of a join or lookup has no equality it can use.'),
  JOIN_TYPE_REFUSED: refused('A join of that kind does not exist for these inputs.'),
  LATENESS_TOO_SMALL: refused('A window closes before its input stops being corrected.'),
  NOT_DETERMINISTIC: refused('Something that may give another result stands on changing rows.'),
  OPTION_REFUSED: refused('A key makes no sense beside the others of its block.'),
  ORDER_BY_ARRIVAL: remark('A result depends on the order in which rows arrive.'),
  PARALLELISM_REFUSED: refused('A block that needs one subtask was given more.'),
  SCHEMA_MISSING: refused('A source or table has no schema.'),
  SCHEMA_UNKNOWN: refused('A schema is named that nobody declared.'),
  SIDE_OUTPUT_UNKNOWN: refused('A block has no side output of that name.'),
  SIDE_OUTPUT_UNREAD: remark('Nobody reads a side output; its rows are counted only.'),
  SINK_KEY_WRONG: refused('The key of a sink does not fit the rows it gets.'),
  SINK_MODE_REFUSED: refused('A sink cannot take the rows in that mode.'),
  SINK_PLACE_TAKEN: refused('A sink would write over what another block writes or reads.'),
  STATE_UNBOUNDED: remark('State grows without bound.'),
  TABLE_MISUSED: refused('A table stands where a stream is needed, or the other way round.'),
  TYPE_MISMATCH: refused('Types that must agree do not.'),
  UNION_MISMATCH: refused('The inputs of a union have different fields.'),
  UNKEYED: remark('A block without a key runs in one subtask.'),
  WATERMARK_MISSING: refused(
    'An unbounded source has event time but says nothing of its disorder.',
  ),
  WINDOW_MISSING: refused('A block needs a window, or windowed input, and has none.'),
} as const satisfies Record<string, ErrorKind>
