import { DeviceError, type PinPadDriver } from "../drivers/contracts.ts";
import { CommandFailure, refusal } from "../protocol/commandFailure.ts";
import { fromBase64, toBase64 } from "../protocol/define.ts";
import { type EntryCompletion, type KeyName } from "../protocol/interfaces/keyboard.ts";
import { type KeyUsage, sm4Algorithm } from "../protocol/interfaces/keyManagement.ts";
import type { ResultPayload } from "../protocol/messages.ts";
import type { Behaviour, Device } from "./behaviour.ts";

type Use = "master" | "pin" | "data" | "mac";
const usageOf: Record<Use, KeyUsage> = { master: "K0", pin: "P0", data: "D0", mac: "M6" };
const modeOf: Record<Use, string> = { master: "B", pin: "E", data: "B", mac: "C" };
const sm4KeyBits = 128;

/** The encrypting PIN pad: keys, encryption, entry in clear and of PINs. Clear PINs and keys never come out of it. */
export function behaveAsPinPad(device: Device<PinPadDriver>): Behaviour<PinPadDriver> {
  let encryptionState: "ready" | "notInitialized" | "undefined" = "undefined";
  let keyCount = 0;
  const setState = (next: typeof encryptionState): void => {
    if (next === encryptionState) return;
    encryptionState = next;
    device.statusChanged({ keyManagement: { encryptionState } });
  };
  const keysOf = async (driver: PinPadDriver, signal: AbortSignal) => {
    const keys = await driver.keys(signal);
    keyCount = keys.length;
    setState(keys.some(({ use }) => use === "master") ? "ready" : "notInitialized");
    return keys;
  };
  /** A key that exists and may be used so. */
  const requireKey = async (
    driver: PinPadDriver,
    name: string,
    uses: readonly Use[],
    signal: AbortSignal,
    wrongUse: "useViolation" | "accessDenied" = "useViolation",
  ) => {
    const key = (await keysOf(driver, signal)).find((one) => one.name === name);
    if (key !== undefined && uses.includes(key.use)) return key;
    const isMissing = key === undefined;
    const errorCode = isMissing ? "keyNotFound" : "useViolation";
    device.unsolicited("KeyManagement.IllegalKeyAccessEvent", { keyName: name, errorCode });
    throw refusal(isMissing ? "keyNotFound" : wrongUse, `no key "${name}" for this use`);
  };
  const reset = async (_payload: object, { signal }: { signal: AbortSignal }) => {
    await device.driver().reset(signal);
    return {};
  };

  return {
    interfaces: ["Keyboard", "PinPad", "KeyManagement", "Crypto"],
    handlers: {
      "Keyboard.DataEntry": async ({ maxLen }, { signal, event }) => {
        const driver = device.driver();
        event("Keyboard.EnterDataEvent", {});
        const pinKeys: ResultPayload<"Keyboard.DataEntry">["pinKeys"] = [];
        const handleKey = (key: string): void => {
          const pressed = pressedKey(key);
          if (pressed === null) return;
          pinKeys.push(pressed);
          event("Keyboard.KeyEvent", pressed);
        };
        const completion = await untilEntered(driver.dataEntry(handleKey, maxLen, signal), signal);
        const last = pinKeys.at(-1)?.completion;
        return {
          keys: pinKeys.length,
          pinKeys,
          completion: completion === "enter" && last === "continue" ? "auto" : completion,
        };
      },
      "Keyboard.PinEntry": async ({ minLen, maxLen }, { signal, event }) => {
        if (minLen > maxLen) throw new CommandFailure("invalidData", "payload.minLen: above maxLen");
        const driver = device.driver();
        event("Keyboard.EnterDataEvent", {});
        let digits = 0;
        const handleDigit = (count: number): void => {
          event("Keyboard.KeyEvent", { completion: count > digits ? "continue" : "backspace" });
          digits = count;
        };
        const entry = driver.pinEntry(handleDigit, { minLen, maxLen }, signal).then((entered) => {
          ({ digits } = entered);
        });
        const completion = await untilEntered(entry, signal);
        return { digits: completion === "cancel" ? 0 : digits, completion };
      },
      "Keyboard.Reset": reset,
      "PinPad.GetPinBlock": async ({ format, key, customerData }, { signal }) => {
        const driver = device.driver();
        await requireKey(driver, key, ["pin"], signal);
        const block = await driver.pinBlock(format === "X-sm4" ? "sm4" : format, key, customerData, signal);
        return { pinBlock: toBase64(block) };
      },
      "PinPad.Reset": reset,
      "KeyManagement.Reset": reset,
      "KeyManagement.GetKeyDetail": async ({ keyName }, { signal }) => {
        const keys = await keysOf(device.driver(), signal);
        const meant = keyName === undefined ? keys : keys.filter(({ name }) => name === keyName);
        if (keyName !== undefined && meant.length === 0) throw refusal("keyNotFound", `no key "${keyName}"`);
        return { keyDetails: Object.fromEntries(meant.map(({ name, use }) => [name, detailOf(use)])) };
      },
      "KeyManagement.Initialization": async (_payload, { signal }) => {
        const driver = device.driver();
        await driver.ensureMasterKey(signal);
        await keysOf(driver, signal);
        device.unsolicited("KeyManagement.InitializedEvent", {});
        return {};
      },
      "KeyManagement.ImportKey": async ({ key, keyAttributes, value, decryptKey }, { signal }) => {
        const driver = device.driver();
        const use = importableUse(keyAttributes.keyUsage);
        if (use === null) throw refusal("useViolation", "only PIN, data and MAC keys are imported");
        if (keyAttributes.algorithm !== sm4Algorithm) throw refusal("algorithmNotSupported", "only SM4 keys");
        await requireKey(driver, decryptKey, ["master"], signal);
        const { kcv } = await driver.importKey(key, use, fromBase64(value), signal);
        await keysOf(driver, signal);
        return { verificationData: kcvData(kcv), keyLength: sm4KeyBits };
      },
      "KeyManagement.DeleteKey": async ({ key }, { signal }) => {
        const driver = device.driver();
        await requireKey(driver, key, ["pin", "data", "mac"], signal, "accessDenied");
        await driver.deleteKey(key, signal);
        await keysOf(driver, signal);
        return {};
      },
      "KeyManagement.GenerateKCV": async ({ key, keyCheckMode }, { signal }) => {
        const driver = device.driver();
        if (keyCheckMode !== "zero") throw refusal("modeNotSupported", "only the value over zeros");
        const { kcv } = await requireKey(driver, key, ["master", "pin", "data", "mac"], signal);
        return { kcv: kcvData(kcv) };
      },
      "Crypto.CryptoData": async ({ key, iv, modeOfUse, data }, { signal }) => {
        const driver = device.driver();
        await requireKey(driver, key, ["master", "data"], signal);
        const vector = fromBase64(iv.value);
        const bytes = fromBase64(data);
        if (vector.length !== 16 || bytes.length % 16 !== 0) {
          throw new CommandFailure("invalidData", "payload: CBC takes whole 16-byte blocks and a 16-byte iv");
        }
        const mode = modeOfUse === "E" ? "encrypt" : "decrypt";
        return { data: toBase64(await driver.crypt(mode, key, vector, bytes, signal)) };
      },
      "Crypto.GenerateAuthentication": async ({ key, data }, { signal }) => {
        const driver = device.driver();
        await requireKey(driver, key, ["mac"], signal);
        return { authenticationData: toBase64(await driver.mac(key, fromBase64(data), signal)) };
      },
      "Crypto.GenerateRandom": async (_payload, { signal }) => ({
        randomNumber: toBase64(await device.driver().random(32, signal)),
      }),
    },
    attach: (driver) =>
      driver.onTamper(() => {
        setState("notInitialized");
        device.unsolicited("Common.ErrorEvent", {
          eventId: "fraudAttempt",
          action: "maintenance",
          vendorDescription: "the PIN pad was tampered with and has erased its keys",
        });
      }),
    online: () => {
      device.errand("read the keys", async (driver, signal) => {
        await keysOf(driver, signal);
      });
    },
    status: () => ({
      keyManagement: { encryptionState, certificateState: "unknown" },
      keyboard: { autoBeepMode: { activeAvailable: false, inactiveAvailable: false } },
    }),
    capabilities: () => ({
      pinPad: {
        pinFormats: { iso0: true, iso4: true },
        presentationAlgorithms: { presentClear: false },
        display: { none: true },
        idcConnect: false,
        validationAlgorithms: { des: false, visa: false },
        pinCanPersistAfterUse: false,
        typeCombined: false,
        setPinblockDataRequired: false,
        pinBlockAttributes: { P0: { [sm4Algorithm]: { E: { cryptoMethod: { ecb: true } } } } },
      },
      crypto: {
        cryptoAttributes: {
          D0: { [sm4Algorithm]: { D: { cryptoMethod: { cbc: true } }, E: { cryptoMethod: { cbc: true } } } },
        },
        authenticationAttributes: { M6: { [sm4Algorithm]: { G: {} } } },
      },
      keyManagement: {
        keyNum: keyCount,
        keyCheckModes: { self: false, zero: true },
        keyImportThroughParts: false,
        symmetricKeyManagementMethods: { fixedKey: false, masterKey: true, tdesDukpt: false },
        keyAttributes: Object.fromEntries(
          (["master", "pin", "data", "mac"] as const).map((use) => [
            usageOf[use],
            { [sm4Algorithm]: { [modeOf[use]]: {} } },
          ]),
        ),
        decryptAttributes: { [sm4Algorithm]: { decryptMethod: { ecb: true, cbc: false } } },
        verifyAttributes: {},
        rsaAuthenticationScheme: {},
        rsaSignatureAlgorithm: {},
        rsaCryptAlgorithm: {},
        rsaKeyCheckMode: {},
        signatureScheme: {},
        emvImportSchemes: {},
        keyBlockImportFormats: {},
        desKeyLength: {},
        certificateTypes: {},
        loadCertOptions: [],
        crklLoadOptions: {},
      },
      keyboard: {
        autoBeep: {
          activeAvailable: false,
          activeSelectable: false,
          inactiveAvailable: false,
          inactiveSelectable: false,
        },
      },
    }),
  };
}

/** How an entry ended. The customer's cancel key ends it like any other key; being told to stop does not. */
async function untilEntered(entry: Promise<unknown>, signal: AbortSignal): Promise<"enter" | "cancel"> {
  try {
    await entry;
    return "enter";
  } catch (error) {
    if (error instanceof DeviceError && error.code === "cancelled" && !signal.aborted) return "cancel";
    throw error;
  }
}

const digitNames: readonly KeyName[] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const otherKeys: Readonly<Record<string, { completion: EntryCompletion; digit: KeyName }>> = {
  ".": { completion: "continue", digit: "decPoint" },
  "00": { completion: "continue", digit: "doubleZero" },
  enter: { completion: "enter", digit: "enter" },
  cancel: { completion: "cancel", digit: "cancel" },
  clear: { completion: "clear", digit: "clear" },
  backspace: { completion: "backspace", digit: "backspace" },
};

/** A key as the driver calls it, in the standard's words. */
function pressedKey(key: string): { completion: EntryCompletion; digit: KeyName } | null {
  if (/^[0-9]$/.test(key)) return { completion: "continue", digit: digitNames[Number(key)] ?? "zero" };
  return otherKeys[key] ?? null;
}

function importableUse(usage: KeyUsage): "pin" | "data" | "mac" | null {
  return usage === "P0" ? "pin" : usage === "D0" ? "data" : usage === "M6" ? "mac" : null;
}

function detailOf(use: Use): ResultPayload<"KeyManagement.GetKeyDetail">["keyDetails"][string] {
  const keyBlockInfo = { keyUsage: usageOf[use], algorithm: sm4Algorithm, modeOfUse: modeOf[use] };
  return { loaded: "yes", keyBlockInfo: { ...keyBlockInfo, exportability: "N", keyLength: sm4KeyBits } };
}

function kcvData(hex: string): string {
  return toBase64(Buffer.from(hex, "hex"));
}
