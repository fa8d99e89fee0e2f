/**
 * The functions of metric queries and formulas: one table for the check, the evaluation and the documentation.
 * Never computes anything: core/query/evaluate/ has each of these under the same name. Read next: metric-calls.ts, arguments.ts.
 */

/** `seconds`: a whole number of them. `duration`: seconds too, or a text such as `30m`, `1w` or `last_15m`. */
export type ParameterType = 'number' | 'integer' | 'seconds' | 'duration' | 'text' | 'boolean'

export type Parameter = Readonly<{
  name: string
  type: ParameterType
  /** Taken where it is left out; undefined = it must be given, null = there is none. */
  standard?: number | string | null
  /** In lower case; how they are written doesn't matter. */
  choices?: readonly string[]
  min?: number
  max?: number
}>

export type QueryFunction = Readonly<{
  name: string
  family:
    | 'arithmetic'
    | 'count'
    | 'exclusion'
    | 'gaps'
    | 'rate'
    | 'smoothing'
    | 'rollup'
    | 'rank'
    | 'shift'
    | 'regression'
    | 'space'
    | 'algorithm'
  about: string
  /** After the expression, in this order; also by name. */
  parameters: readonly Parameter[]
  /** kept: the groups of its expression, or some of them. none: one of all. keys: by those keys that are given, as in sum(q, {host}). */
  groups: 'kept' | 'none' | 'keys'
  /** outermost: nothing may be done with what it gives but compare it. */
  place: 'anywhere' | 'outermost'
  /** It compares groups with each other. */
  needsGroups: boolean
}>

const dayS = 86_400
/** As far as any window reaches. */
const shiftSecondsMax = 365 * dayS

const methods = ['avg', 'sum', 'min', 'max', 'count'] as const
const orders = ['mean', 'max', 'min', 'last', 'area', 'l2norm', 'norm', 'sum'] as const
const seasons = ['hourly', 'daily', 'weekly'] as const

const value: Parameter = { name: 'value', type: 'number' }
const timezone: Parameter = { name: 'timezone', type: 'text', standard: 'utc' }
const deviations: Parameter = { name: 'deviations', type: 'number', min: 0, max: 100 }

const plain = { parameters: [], groups: 'kept', place: 'anywhere', needsGroups: false } as const

const arithmetic: readonly QueryFunction[] = [
  { ...plain, family: 'arithmetic', name: 'abs', about: 'The value without its sign.' },
  { ...plain, family: 'arithmetic', name: 'log2', about: 'The logarithm to base 2; nothing where the value isn’t above 0.' },
  { ...plain, family: 'arithmetic', name: 'log10', about: 'The logarithm to base 10; nothing where the value isn’t above 0.' },
  { ...plain, family: 'arithmetic', name: 'cumsum', about: 'The sum of all points of the window so far.' },
  { ...plain, family: 'arithmetic', name: 'integral', about: 'The area under the series so far, in value × seconds.' },
]

const exclusion: readonly QueryFunction[] = [
  { ...plain, family: 'exclusion', name: 'exclude_null', about: 'Without the groups that lack one of the keys (N/A).' },
  { ...plain, family: 'exclusion', name: 'clamp_min', about: 'Values below become the bound.', parameters: [value] },
  { ...plain, family: 'exclusion', name: 'clamp_max', about: 'Values above become the bound.', parameters: [value] },
  { ...plain, family: 'exclusion', name: 'cutoff_min', about: 'Values below are left out.', parameters: [value] },
  { ...plain, family: 'exclusion', name: 'cutoff_max', about: 'Values above are left out.', parameters: [value] },
]

const gaps: readonly QueryFunction[] = [
  { ...plain, family: 'gaps', name: 'default_zero', about: '0 where there is no point.' },
  { ...plain, family: 'gaps', name: 'default', about: 'The given value where there is no point.', parameters: [value] },
  {
    ...plain,
    family: 'gaps',
    name: 'fill',
    about: 'Fills gaps: with zero, with the last value, or on a straight line; null leaves them.',
    parameters: [
      { name: 'method', type: 'text', choices: ['zero', 'null', 'linear', 'last'] },
      { name: 'limit', type: 'seconds', standard: null, min: 0, max: 31 * dayS },
    ],
  },
]

const rate: readonly QueryFunction[] = [
  { ...plain, family: 'rate', name: 'per_second', about: 'The change per second, where the value grows.' },
  { ...plain, family: 'rate', name: 'per_minute', about: 'The change per minute, where the value grows.' },
  { ...plain, family: 'rate', name: 'per_hour', about: 'The change per hour, where the value grows.' },
  { ...plain, family: 'rate', name: 'dt', about: 'The seconds between a point and the one before it.' },
  { ...plain, family: 'rate', name: 'diff', about: 'The difference to the point before.' },
  {
    ...plain,
    family: 'rate',
    name: 'monotonic_diff',
    about: 'The difference to the point before, where it isn’t negative: a counter that begins anew is no fall.',
  },
  { ...plain, family: 'rate', name: 'derivative', about: 'The difference to the point before, per second.' },
]

const smoothing: readonly QueryFunction[] = [
  { ...plain, family: 'smoothing', name: 'autosmooth', about: 'A moving average that is as wide as the noise asks for.' },
  ...[3, 5, 7, 10, 20].map((span) => ({
    ...plain,
    family: 'smoothing' as const,
    name: `ewma_${span}`,
    about: `A moving average of ${span} points; each counts less the older it is.`,
  })),
  ...[3, 5, 7, 9].map((span) => ({
    ...plain,
    family: 'smoothing' as const,
    name: `median_${span}`,
    about: `The median of ${span} points.`,
  })),
]

const rollup: readonly QueryFunction[] = [
  {
    ...plain,
    family: 'rollup',
    name: 'rollup',
    about: 'Longer buckets, each the method over its points.',
    parameters: [
      { name: 'method', type: 'text', choices: methods },
      { name: 'interval', type: 'seconds', standard: null, min: 1, max: 31 * dayS },
    ],
  },
  {
    ...plain,
    family: 'rollup',
    name: 'moving_rollup',
    about: 'At each point the method over those of so many seconds before it.',
    parameters: [
      { name: 'interval', type: 'seconds', min: 1, max: 31 * dayS },
      { name: 'method', type: 'text', standard: 'avg', choices: [...methods, 'median'] },
    ],
  },
]

const regression: readonly QueryFunction[] = [
  { ...plain, family: 'regression', name: 'robust_trend', about: 'A straight line that outliers hardly move (Huber loss).' },
  { ...plain, family: 'regression', name: 'trend_line', about: 'The straight line of least squares.' },
  { ...plain, family: 'regression', name: 'piecewise_constant', about: 'Steps: constant between the points where the level changes.' },
]

const shift: readonly QueryFunction[] = [
  { ...plain, family: 'shift', name: 'hour_before', about: 'The value of an hour ago.' },
  { ...plain, family: 'shift', name: 'day_before', about: 'The value of a day ago.' },
  { ...plain, family: 'shift', name: 'week_before', about: 'The value of a week ago.' },
  { ...plain, family: 'shift', name: 'month_before', about: 'The value of 28 days ago.' },
  {
    ...plain,
    family: 'shift',
    name: 'timeshift',
    about: 'The value of so many seconds ago, written as a negative number.',
    parameters: [{ name: 'seconds', type: 'seconds', min: -shiftSecondsMax, max: 0 }],
  },
  {
    ...plain,
    family: 'shift',
    name: 'calendar_shift',
    about: 'The value at the same local time so many days, weeks or months ago: -1d, -2w, -1mo.',
    parameters: [{ name: 'shift', type: 'text' }, timezone],
  },
]

const rank: readonly QueryFunction[] = [
  {
    ...plain,
    family: 'rank',
    name: 'top',
    about: 'So many groups, the first in order of a statistic over the window.',
    needsGroups: true,
    parameters: [
      { name: 'limit', type: 'integer', min: 1, max: 100 },
      { name: 'by', type: 'text', standard: 'mean', choices: orders },
      { name: 'order', type: 'text', standard: 'desc', choices: ['asc', 'desc'] },
    ],
  },
  {
    ...plain,
    family: 'rank',
    name: 'top_offset',
    about: 'As top(), after leaving out the first few.',
    needsGroups: true,
    parameters: [
      { name: 'limit', type: 'integer', min: 1, max: 100 },
      { name: 'by', type: 'text', choices: orders },
      { name: 'order', type: 'text', choices: ['asc', 'desc'] },
      { name: 'offset', type: 'integer', min: 0, max: 100 },
    ],
  },
  ...['top', 'bottom'].flatMap((end) =>
    [5, 10, 15, 20].flatMap((limit) =>
      ['', '_mean', '_max', '_min', '_last', '_area', '_l2norm', '_norm'].map((by) => ({
        ...plain,
        family: 'rank' as const,
        name: `${end}${limit}${by}`,
        about: `The ${limit} ${end === 'top' ? 'highest' : 'lowest'} groups by their ${by === '' ? 'mean' : by.slice(1)} over the window.`,
        needsGroups: true,
      })),
    ),
  ),
]

const count: readonly QueryFunction[] = [
  {
    ...plain,
    family: 'count',
    name: 'count_nonzero',
    about: 'How many groups have a value other than 0.',
    groups: 'none',
    needsGroups: true,
  },
  { ...plain, family: 'count', name: 'count_not_null', about: 'How many groups have a value.', groups: 'none', needsGroups: true },
]

const space: readonly QueryFunction[] = methods.map((name) => ({
  ...plain,
  family: 'space',
  name,
  about: `The ${name} over the groups of its expression, by the keys given: ${name}(q, {host}).`,
  groups: 'keys',
}))

const algorithms: readonly QueryFunction[] = [
  {
    ...plain,
    family: 'algorithm',
    name: 'anomalies',
    about: 'The share of points outside of what is usual for this series at this time.',
    place: 'outermost',
    parameters: [
      { name: 'algorithm', type: 'text', choices: ['basic', 'agile', 'robust'] },
      deviations,
      { name: 'direction', type: 'text', standard: 'both', choices: ['both', 'above', 'below'] },
      { name: 'alert_window', type: 'duration', standard: null },
      { name: 'interval', type: 'seconds', standard: null, min: 1, max: dayS },
      { name: 'count_default_zero', type: 'boolean', standard: 'true' },
      { name: 'seasonality', type: 'text', standard: 'daily', choices: seasons },
      timezone,
    ],
  },
  {
    ...plain,
    family: 'algorithm',
    name: 'outliers',
    about: '1 for each group that behaves unlike the others, else 0; needs three groups.',
    place: 'outermost',
    needsGroups: true,
    parameters: [
      { name: 'algorithm', type: 'text', choices: ['dbscan', 'mad', 'scaleddbscan', 'scaledmad'] },
      { name: 'tolerance', type: 'number', min: 0, max: 1_000 },
      { name: 'pct', type: 'number', standard: 100, min: 0, max: 100 },
    ],
  },
  {
    ...plain,
    family: 'algorithm',
    name: 'forecast',
    about: 'Where the series is going, with its band of deviations, over the window ahead.',
    place: 'outermost',
    parameters: [
      { name: 'algorithm', type: 'text', choices: ['linear', 'seasonal'] },
      deviations,
      { name: 'interval', type: 'duration', standard: null },
      { name: 'history', type: 'duration', standard: null },
      { name: 'model', type: 'text', standard: 'default', choices: ['default', 'simple', 'reactive'] },
      { name: 'seasonality', type: 'text', standard: 'weekly', choices: seasons },
      timezone,
    ],
  },
]

/** Each function, families in the order of the documentation. */
export const functions: readonly QueryFunction[] = [
  ...arithmetic,
  ...count,
  ...exclusion,
  ...gaps,
  ...rate,
  ...regression,
  ...rollup,
  ...smoothing,
  ...shift,
  ...rank,
  ...space,
  ...algorithms,
]

const byName: ReadonlyMap<string, QueryFunction> = new Map(functions.map((one) => [one.name, one]))

export function functionNamed(name: string): QueryFunction | null {
  return byName.get(name) ?? null
}
