/** What Slack's errors mean for a message, by the names that its documentation gives them. */

/** Slack's own trouble, or too much at once: another try may go through. */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
  'rollup_error',
])

/** The message that a reply was meant for can't be replied to any more. */
const gone = new Set([
  'message_not_found',
  'thread_not_found',
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'cannot_reply_to_message',
  'invalid_thread_ts',
])

const newToken = "store the bot's present token"
const advice: Readonly<Record<string, string>> = {
  channel_not_found: 'store the id of a channel that the bot can see, and invite the bot to it',
  not_in_channel: 'invite the bot to the channel, or give it the scope chat:write.public',
  is_archived: 'the channel is archived: store another one',
  channel_is_archived: 'the channel is archived: make a webhook for another one',
  invalid_auth: newToken,
  not_authed: newToken,
  token_revoked: newToken,
  token_expired: newToken,
  account_inactive: newToken,
  not_allowed_token_type: 'store the token of a bot, which begins with xoxb-',
  missing_scope: 'give the bot the scope chat:write and install it again',
  no_permission: 'give the bot the scope chat:write and install it again',
  restricted_action: 'an admin of the workspace has to let the bot post there',
  action_prohibited: 'an admin of the workspace has to let webhooks post there',
  no_service: 'the webhook is gone: make another one',
  no_service_id: 'the webhook is gone: make another one',
  no_team: 'the workspace is gone',
  invalid_token: 'the webhook is gone: make another one',
}

export function passes(error: string): boolean {
  return passing.has(error)
}

export function isGone(error: string): boolean {
  return gone.has(error)
}

/** The error, and what to do about it where that is known. */
export function explained(error: string): string {
  const what = Object.hasOwn(advice, error) ? advice[error] : undefined
  return what === undefined ? error : `${error}: ${what}`
}
