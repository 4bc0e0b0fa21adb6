/** Every bound of the engine, with its reason and its relations to the others. */
import { assert } from './assert.ts'

/** A split emits a watermark after every this many records, and batches end there (D13). */
export const BATCH_RECORDS_MAX = 4096
/** Fixed when a job is created: state is stored by key group, so it can never change. */
export const KEY_GROUPS = 720

export const PIPELINE_FILE_BYTES_MAX = 1024 * 1024
export const YAML_DEPTH_MAX = 64
export const YAML_ALIASES_MAX = 100
export const EXPRESSION_NODES_MAX = 10_000
/** Trees are walked by recursion; a chain `a || b || c` nests one deeper per term. */
export const EXPRESSION_DEPTH_MAX = 250
export const EXPRESSION_CHARACTERS_MAX = 64 * 1024
/** What a text function may make of one record's text (`repeat`, `lpad`). */
export const EXPRESSION_TEXT_MAX = 1024 * 1024

/** Batches a channel between two subtasks of one thread holds before its sender waits. */
export const CHANNEL_BATCHES_MAX = 4
/** Bytes of the batches in such a channel, by the arrays they hold, before its sender waits. */
export const CHANNEL_BYTES_MAX = 16 * 1024 * 1024
/** The loop of a thread lets the event loop pass at least this often. */
export const LOOP_SLICE_MS = 10
/** Rounds between two looks of the loop at the event loop where the clock stands still (tests). */
export const LOOP_SLICE_ROUNDS = 512
/** Texts of generated code whose functions a process remembers: those of some dozens of pipelines. */
export const GENERATED_TEXTS_MAX = 1024
/** How often a run shows its progress. */
export const PROGRESS_INTERVAL_MS = 250
/** Event time by which a source may lead another that meets it in event-time state (D13). */
export const ALIGNMENT_LEAD_MS_MAX = 60_000
/** As above where all of them are bounded: none has to wait for records that come later. */
export const ALIGNMENT_LEAD_BOUNDED_MS_MAX = 1000
/** Of a message or payload in a dead letter, in characters. */
export const DEAD_LETTER_TEXT_MAX = 64 * 1024
/** A line of JSON or a record of CSV; longer ones are failures with their position. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024
/** Read at once from a file; the text of a batch points into such a block. */
export const READ_BLOCK_BYTES = 1024 * 1024
/** A compressed file may expand by so much, counted once it has expanded to so many bytes. */
export const EXPANSION_MAX = 1000
export const EXPANDED_BYTES_FREE = 256 * 1024 * 1024
/** A file sink hands bytes to the disk once so many wait. */
export const SINK_BUFFER_BYTES = 256 * 1024
/** How often a followed path is looked at while it gives nothing. */
export const FOLLOW_POLL_MS = 100
/** What one page of a Parquet file may expand to. */
export const PARQUET_PAGE_BYTES_MAX = 1024 * 1024 * 1024
/** Rows of a row group that is read; it is held in memory, the asked columns of it. */
export const PARQUET_GROUP_ROWS_MAX = 32 * 1024 * 1024
/** Rows of a row group that a Parquet sink writes; it holds so many in memory. */
export const PARQUET_GROUP_ROWS = 65_536
/** The largest integer that `integer` and `decimal(p ≤ 15)` may hold. */
export const INTEGER_MAX = Number.MAX_SAFE_INTEGER

assert(ALIGNMENT_LEAD_BOUNDED_MS_MAX <= ALIGNMENT_LEAD_MS_MAX, 'bounded sources keep closer')
assert(BATCH_RECORDS_MAX <= 65_536, 'a row index in a batch fits 16 bits')
