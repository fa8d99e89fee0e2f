import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common'

/** Temporal, or the workers that would answer, can't be reached now: worth another try later. HTTP 503. */
export class RuntimeUnavailable extends Error {
  readonly code = 'runtime-unavailable'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RuntimeUnavailable'
  }
}

/** Temporal is there and has no running workflow of this monitor: the reconciler will start it if it should run. HTTP 503. */
export class MonitorNotRunning extends Error {
  readonly code = 'monitor-not-running'
  constructor(monitorId: number, options?: ErrorOptions) {
    super(`monitor ${monitorId} has no running workflow yet`, options)
    this.name = 'MonitorNotRunning'
  }
}

/** The workflow heard the request and refused it; the message is its own. HTTP 409. */
export class MonitorRefused extends Error {
  readonly code = 'monitor-refused'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MonitorRefused'
  }
}

/** What was asked for can't be done as it was asked; the message says why. HTTP 400. */
export class BacktestImpossible extends Error {
  readonly code = 'backtest-impossible'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BacktestImpossible'
  }
}

/** What an error of the Temporal client means to callers. Errors that aren't Temporal's come back as they are. */
export function runtimeError(error: unknown, monitorId: number | null): unknown {
  // A workflow that is still loading its definition answers no query yet.
  const absent = error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError || error instanceof QueryNotRegisteredError
  if (absent) {
    return monitorId === null ? error : new MonitorNotRunning(monitorId, { cause: error })
  }
  if (error instanceof WorkflowUpdateFailedError) {
    return new MonitorRefused(error.cause?.message ?? error.message, { cause: error })
  }
  if (isTemporalAway(error)) return new RuntimeUnavailable(`Temporal gave no answer: ${reasonOf(error)}`, { cause: error })
  return error
}

/**
 * Every failure of a call counts, whatever its gRPC code: to our callers a server that refuses what we always send
 * (no such namespace, no such search attribute) is as absent as one that is down, and gets well without them.
 */
function isTemporalAway(error: unknown): boolean {
  return (
    error instanceof ServiceError ||
    error instanceof NamespaceNotFoundError ||
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isGrpcServiceError(error)
  )
}

function reasonOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details || error.message
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}
