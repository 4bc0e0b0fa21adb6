/** Functions that do not exist: what other languages call ours, else the nearest name. */
import { nearestName } from '../../base/nearest-name.ts'
import type { Expr } from '../ast.ts'
import { AGGREGATES as BUILT_IN } from '../aggregates.ts'
import { functionNamed, functionNames } from '../library.ts'
import { printExpr } from '../print.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import type { ExprScope } from '../scope.ts'

/** By their name in lower case without `_`. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['len', 'size'], ['charlength', 'length'], ['characterlength', 'length'], ['arraylength', 'size'],
  ['cardinality', 'size'], ['count', 'size'], ['tolowercase', 'lower'], ['lcase', 'lower'],
  ['lowerascii', 'lower'], ['touppercase', 'upper'], ['ucase', 'upper'], ['upperascii', 'upper'],
  ['startswith', 'starts_with'], ['endswith', 'ends_with'], ['includes', 'contains'],
  ['indexof', 'index_of'], ['strpos', 'index_of'], ['instr', 'index_of'], ['locate', 'index_of'],
  ['position', 'index_of'], ['substr', 'substring'], ['slice', 'slice'], ['mid', 'substring'],
  ['splitindex', 'split_part'], ['strreplace', 'replace'], ['replaceall', 'replace'],
  ['regexplike', 'regex_match'], ['rlike', 'regex_match'], ['regexpmatch', 'regex_match'],
  ['regexpmatches', 'regex_match'], ['test', 'regex_match'], ['regexpextract', 'regex_extract'],
  ['regexpsubstr', 'regex_extract'], ['regexpreplace', 'regex_replace'], ['nvl', 'coalesce'],
  ['ifnull', 'coalesce'], ['isnull', 'is_null'], ['zeroifnull', 'coalesce'], ['nullif', 'null_if'],
  ['iif', 'if'], ['ceiling', 'ceil'], ['power', 'pow'], ['log', 'ln'], ['truncate', 'trunc'],
  ['int', 'to_integer'], ['parseint', 'to_integer'], ['tonumber', 'to_number'],
  ['double', 'to_number'], ['float', 'to_number'], ['parsefloat', 'to_number'],
  ['string', 'to_string'], ['str', 'to_string'], ['bool', 'to_boolean'], ['cast', 'to_string'],
  ['trycast', 'try_to_integer'], ['convert', 'to_string'], ['tochar', 'format_time'],
  ['dateformat', 'format_time'], ['formatdate', 'format_time'], ['strftime', 'format_time'],
  ['todate', 'date'], ['totimestamp', 'timestamp'], ['strtodate', 'parse_time'],
  ['strptime', 'parse_time'], ['parsetimestamp', 'parse_time'], ['datediff', 'date_diff'],
  ['timestampdiff', 'date_diff'], ['dateadd', 'date_add'], ['timestampadd', 'date_add'],
  ['timestamptrunc', 'date_trunc'], ['datetrunc', 'date_trunc'], ['trunctime', 'date_trunc'],
  ['currenttimestamp', 'now'], ['getdate', 'now'], ['sysdate', 'now'],
  ['unixtimestamp', 'unix_seconds'],
  ['dayofweek', 'day_of_week'], ['weekday', 'day_of_week'], ['dayofyear', 'day_of_year'],
  ['dayofmonth', 'day'], ['extract', 'year'], ['getfullyear', 'year'], ['getmonth', 'month'],
  ['gethours', 'hour'], ['gettime', 'unix_millis'], ['tounixtime', 'unix_seconds'],
  ['jsonvalue', 'json_get'], ['jsonextract', 'json_get'], ['jsonquery', 'json_get'],
  ['getjsonobject', 'json_get'], ['jsonparse', 'parse_json'], ['jsonstringify', 'to_json'],
  ['concatws', 'join'], ['arrayjoin', 'join'], ['arraytostring', 'join'], ['sort', 'sort'],
  ['arraycontains', 'contains'], ['arraydistinct', 'distinct'], ['mapkeys', 'keys'],
  ['mapvalues', 'values'], ['elementat', 'get'], ['safedivide', 'ratio'], ['hash', 'crc32'],
  ['sha2', 'sha256'], ['digest', 'sha256'], ['initcap', 'title'], ['lengthb', 'byte_length'],
]) // prettier-ignore

const AGGREGATES: ReadonlyMap<string, string> = new Map([
  ['average', 'avg'], ['mean', 'avg'], ['countdistinct', 'count_distinct'],
  ['approxdistinct', 'approx_count_distinct'], ['stddevsamp', 'stddev'], ['stddevpop', 'stddev'],
  ['percentile', 'quantile'], ['percentilecont', 'quantile'], ['median', 'quantile(x, 0.5)'],
  ['arrayagg', 'collect'], ['collectlist', 'collect'], ['listagg', 'string_agg'],
  ['groupconcat', 'string_agg'], ['firstvalue', 'first'], ['lastvalue', 'last'],
  ['argmax', 'max_by'], ['argmin', 'min_by'], ['boolor', 'any'], ['booland', 'all'],
  ['every', 'all'], ['anyvalue', 'first'], ['countif', 'count().where(condition)'],
  ['sumif', 'sum(x).where(condition)'], ['avgif', 'avg(x).where(condition)'],
  ['averageif', 'avg(x).where(condition)'], ['minif', 'min(x).where(condition)'],
  ['maxif', 'max(x).where(condition)'], ['distinctcount', 'count_distinct'],
]) // prettier-ignore

type CallExpr = Extract<Expr, { kind: 'call' }>

export function unknownFunction(expr: CallExpr, scope: ExprScope): ExprProblem {
  return expr.method === true ? unknownMethod(expr) : unknownCall(expr, scope)
}

function candidates(scope: ExprScope): string[] {
  const users = [...(scope.functions?.keys() ?? []), ...(scope.aggregates?.keys() ?? [])]
  return [...functionNames(), ...users, ...BUILT_IN.map((def) => def.name)]
}

function unknownCall(expr: CallExpr, scope: ExprScope): ExprProblem {
  const plain = expr.fn.toLowerCase().replaceAll('_', '')
  const message = `there is no function \`${expr.fn}\``
  const span = expr.span
  if (plain === 'cast' || plain === 'convert' || plain === 'trycast') {
    return exprError('EXPR_FUNCTION_UNKNOWN', message, {
      span,
      fix: 'write `to_integer(x)`, `to_number(x)`, `to_string(x)`, `to_decimal(x, 12, 2)`',
    })
  }
  const aggregate = AGGREGATES.get(plain)
  if (aggregate !== undefined) {
    return exprError('EXPR_FUNCTION_UNKNOWN', message, {
      span,
      fix: `the aggregate is \`${aggregate}\``,
    })
  }
  const near = FOREIGN.get(plain) ?? nearestName(expr.fn, candidates(scope))
  const isField = scope.fields.some((field) => field.name === expr.fn)
  if (near === null && isField) {
    const text = `\`${expr.fn}\` is a field, not a function`
    return exprError('EXPR_FUNCTION_UNKNOWN', text, { span, fix: `write \`${expr.fn}\`` })
  }
  const fix =
    near === null ? '`millrace docs functions` lists them all' : `did you mean \`${near}\`?`
  return exprError('EXPR_FUNCTION_UNKNOWN', message, { span, fix })
}

/** `text.startsWith("a")`: functions are called with what they take, not on it. */
function unknownMethod(expr: CallExpr): ExprProblem {
  const [receiver, ...rest] = expr.args
  const plain = expr.fn.toLowerCase().replaceAll('_', '')
  const name =
    functionNamed(expr.fn) === null
      ? (FOREIGN.get(plain) ?? nearestName(expr.fn, functionNames()))
      : expr.fn
  const message = `\`.${expr.fn}(…)\` is not a method: functions are called \`f(x)\``
  if (receiver === undefined || name === null) {
    return exprError('EXPR_FUNCTION_UNKNOWN', message, { span: expr.span })
  }
  const isMath = receiver.kind === 'ident' && receiver.name === 'Math'
  const args = (isMath ? rest : expr.args).map(printExpr).join(', ')
  const fix = `write \`${name}(${args})\``
  return exprError('EXPR_FOREIGN_SYNTAX', message, { span: expr.span, fix })
}
