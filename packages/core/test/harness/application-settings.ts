import { applicationSettings } from '../../src/alps/application-settings.ts';
import type { ServerOptions } from '../../src/index.ts';
import { withExtension } from './peer.ts';
import { scriptedClient, type ScriptedClient } from './scripted-client.ts';

/** The two numbers of application_settings. */
export type SettingsNumber = 17_613 | 17_513;

/** Those of the victim. */
export const h2Settings = Uint8Array.of(1, 2, 3);

/** ApplicationSettingsSupport of h2 alone. */
export const listOfH2 = Uint8Array.of(0, 3, 2, 0x68, 0x32);

export const settingsOption = (
  extensionType: SettingsNumber,
  settings: Readonly<Record<string, Uint8Array>> = { h2: h2Settings },
) => ({ applicationSettings: applicationSettings({ settings, extensionType }) });

/** A client that has settings for h2, with a server that has sent its first flight, and its own with it. */
export function askedForSettings(
  type: SettingsNumber,
  options: Partial<ServerOptions> = {},
  list: Uint8Array = listOfH2,
): ScriptedClient {
  return scriptedClient({ ...settingsOption(type), ...options }).clientHello((hello) =>
    withExtension(hello, { type, data: list }),
  );
}
