/** The version of this build; the bundler replaces the placeholder with package.json's. */
declare const SCOUT_VERSION: string;

export const version: string = typeof SCOUT_VERSION === 'string' ? SCOUT_VERSION : '0.0.0-source';
