/**
 * Bounds of what a request may hold. Each is generous for a person and small for the engine.
 * Read next: monitor.ts, options.ts.
 */

/** Body of any request: Datadog's clients send kilobytes; a bigger one would stall the event loop while it is parsed. */
export const bodyBytesMax = 1_048_576
/** Body of a push, unpacked: what Datadog's agent fills at the most. Parsing it takes some 40 ms. */
export const pushBytesMax = 5 * 1_048_576
/** Of a request's address and headers together, as Node has it: the longest search with both keys is half of that. */
export const requestLineBytesMax = 16_384
/** Monitors nest five levels; recursive code (JSON.stringify, jsonb) is safe far beyond this. */
export const jsonDepthMax = 32

/** One line in lists, titles and the Web UI's summary. */
export const nameCharsMax = 1_000
/** A runbook in a message fits; what is sent per notification stays below the limits of receivers. */
export const messageCharsMax = 100_000
/** The longest query of Datadog's own monitors is under 4,000; a parser's time grows with this. */
export const queryCharsMax = 20_000
/** As Datadog's tag length. */
export const tagCharsMax = 200
/** Tags are indexed by PostgreSQL and, in part, by Temporal. */
export const tagsMax = 100
/** Role ids, device ids: names, not texts. */
export const identifierCharsMax = 255
export const restrictedRolesMax = 100
/** Runbooks of one monitor: what one person reads during an incident. */
export const assetsMax = 20
export const assetUrlCharsMax = 2_000
/** Sub-queries of one formula. */
export const variablesMax = 50
/** Mutes of one monitor: each is compared with each group at each transition. */
export const silencedMax = 200
export const scopeCharsMax = 2_000
/** Keys by which notifications are grouped: no more than a query groups by. */
export const notifyByMax = 20
/** Rules of one monitor about what holds it: each is compared with each group that fires. */
export const inhibitRulesMax = 10
/** Groups of one resolve request: the default limit of groups of a monitor. */
export const resolveGroupsMax = 1_000

/** A sentence about who does what: it is a part of the monitor's state (core/monitor/acknowledge.ts has their sum). */
export const noteCharsMax = 500

/** The largest sum of minutes or seconds in an option: a year, beyond which it means `never`. */
export const optionMinutesMax = 525_600
export const optionSecondsMax = 31_536_000

/** As Datadog's. */
export const pageSizeDefault = 100
export const pageSizeMax = 1_000
/** A list without `page` gives all monitors; beyond this many it asks for pages instead of building a huge answer. */
export const unpagedMax = 10_000
/** Groups ride along with monitors: 100 monitors × 1,000 groups is the largest answer. */
export const pageSizeWithGroupsMax = 100
export const historyPageDefault = 100
export const historyPageMax = 1_000

/** The longest name under which a file keeps its monitor. */
export const externalKeyCharsMax = 200

/** Rules of one downtime: Datadog's. */
export const recurrencesMax = 5
/** What one downtime is planned for lies within the years that rules are expanded for. */
export const downtimeYearsEndMs = Date.UTC(2200, 0)
/** As Datadog's pages of downtimes. */
export const downtimePageDefault = 30
