/** Navigations that are the server's: everything else is the app, which routes by itself. */
export const APP_PATHS_NOT: RegExp[] = [
  /^\/v1\//,
  /^\/ofrep\//,
  /^\/cdn-cgi\//,
  /^\/(health|metrics|openapi\.json)$/,
];
