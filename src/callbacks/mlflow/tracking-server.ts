import { show, TuneError } from '../../errors.js'

/** How a server is reached. */
export interface TrackingServer {
  /** Its address without credentials, ending in a slash. */
  readonly url: string
  /** The `Authorization` header; undefined where none is needed. */
  readonly authorization: string | undefined
  /** What must never be shown. */
  readonly secrets: readonly string[]
}

/** What a user may say of a server; what is not said comes from the environment. */
export interface MLflowServerOptions {
  /** Such as `http://127.0.0.1:5000`. @defaultValue `MLFLOW_TRACKING_URI` of the environment */
  readonly trackingUri?: string
  /** A bearer token. @defaultValue `MLFLOW_TRACKING_TOKEN` of the environment */
  readonly token?: string
  /** @defaultValue `MLFLOW_TRACKING_USERNAME` of the environment */
  readonly username?: string
  /** @defaultValue `MLFLOW_TRACKING_PASSWORD` of the environment */
  readonly password?: string
}

/**
 * Finds out how to reach the server. As in MLflow's own client a user name goes before a token.
 *
 * @throws `TuneError` `INVALID_OPTION` when no address is given, or one that is none of a server
 */
export function findTrackingServer(
  options: MLflowServerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): TrackingServer {
  const given = options.trackingUri ?? environment.MLFLOW_TRACKING_URI
  if (given === undefined || given === '')
    throw new TuneError(
      'INVALID_OPTION',
      "MLflow's address is not known: set MLFLOW_TRACKING_URI, or give trackingUri, such as 'http://127.0.0.1:5000'",
    )
  const url = parse(given)
  const username = options.username ?? environment.MLFLOW_TRACKING_USERNAME ?? decode(url.username)
  const password = options.password ?? environment.MLFLOW_TRACKING_PASSWORD ?? decode(url.password)
  const token = options.token ?? environment.MLFLOW_TRACKING_TOKEN ?? ''
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  const authorization = username !== '' ? `Basic ${basic}` : token !== '' ? `Bearer ${token}` : undefined
  if (authorization !== undefined && !/^[\x20-\x7e]+$/.test(authorization))
    throw new TuneError(
      'INVALID_OPTION',
      "MLflow's token has characters that no HTTP header may have: check it for line breaks",
    )
  return {
    url: `${url.origin}${url.pathname.replace(/\/*$/, '')}/`,
    authorization,
    secrets: [password, token, ...(username === '' ? [] : [basic])].filter(secret => secret !== ''),
  }
}

function parse(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  // what is no address may hold a password all the same
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(given)?.[0]
  throw new TuneError(
    'INVALID_OPTION',
    `MLflow's address ${scheme === undefined ? 'is no URL' : `begins with ${show(scheme)}`}: give that of a tracking server, such as 'http://127.0.0.1:5000'. For files or a database start one with 'mlflow server --backend-store-uri …'`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
