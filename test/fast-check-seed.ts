/**
 * Every run of the tests tries the same random cases: a failure then is one of the change, not of
 * chance. FAST_CHECK_SEED=random (or a number) tries others; the seed stands in the failure.
 */
import { configureGlobal } from 'fast-check'

const given = process.env['FAST_CHECK_SEED']
if (given !== 'random') configureGlobal({ seed: Number(given ?? 20_261_124) })
