import { DeviceError } from "../drivers/contracts.ts";
import type { Completion, CommandName, CommandPayload, EventName } from "../protocol/messages.ts";
import { pdfData, receiptData } from "../protocol/receipt.ts";
import {
  createFakeAuxiliaries,
  createFakeBarcode,
  createFakeCamera,
  createFakeCash,
  createFakeChipCard,
  createFakeIdCard,
  createFakePinPad,
  createFakePrinter,
  sampleCard,
} from "./fakeDrivers.ts";
import { connectRaw } from "./rawClient.ts";
import { startTestPublisher, until } from "./testPublisher.ts";
import type { Conformance } from "./conformance.ts";
import { connectXfs, successOf, type XfsClient } from "../client.ts";

const block = Buffer.alloc(16, 1).toString("base64");
const receipt = receiptData({ lines: [{ type: "text", text: "收据", align: "centre", size: "large", bold: true }] });

/** Has the publisher, its services and its clients send every message of the catalogue at least once. */
export async function sendEveryMessage(conformance: Conformance): Promise<void> {
  const cash = createFakeCash();
  const idCard = createFakeIdCard();
  const chipCard = createFakeChipCard();
  const printer = createFakePrinter(["receipt", "pdf"]);
  const barcode = createFakeBarcode();
  const pinPad = createFakePinPad();
  const camera = createFakeCamera();
  const auxiliaries = createFakeAuxiliaries();
  await using publisher = await startTestPublisher(
    {
      cash: { create: () => cash.driver },
      idCard: { create: () => idCard.driver },
      chipCard: { create: () => chipCard.driver },
      printer: { create: () => printer.driver },
      barcode: { create: () => barcode.driver },
      pinPad: { create: () => pinPad.driver },
      camera: { create: () => camera.driver },
      auxiliaries: { create: () => auxiliaries.driver },
    },
    { conformance },
  );
  const kinds = ["cash", "idCard", "chipCard", "printer", "barcode", "pinPad", "camera", "auxiliaries"] as const;

  await sendPublisherMessages(publisher.url, conformance);
  await sendUnknownCommands(publisher.urlOf("cash"));
  for (const kind of kinds) {
    const does = doing(await publisher.client(kind));
    await does("Common.Status", {});
    await does("Common.Capabilities", {});
    await does("Common.GetCommandNonce", {});
    await does("Common.ClearCommandNonce", {});
    await does("Common.SetVersions", { commands: { "Common.Status": 2 }, events: { "Common.ErrorEvent": 2 } });
  }

  await sendCashMessages(await publisher.client("cash"), cash);
  await sendPinPadMessages(await publisher.client("pinPad"), pinPad);
  await sendPrinterMessages(await publisher.client("printer"), printer);

  const idCardClient = await publisher.client("idCard");
  const removed = nextOf(idCardClient, "X-IdCard.CardRemovedEvent");
  idCard.lay(sampleCard);
  await doing(idCardClient)("X-IdCard.Read", {});
  idCard.takeAway();
  await removed;
  await doing(idCardClient)("X-IdCard.Reset", {});
  await idCardClient.send("X-IdCard.Read", {}, { timeoutMs: 20 });

  const chipClient = await publisher.client("chipCard");
  const chip = doing(chipClient);
  chipCard.failNext("awaitCard", new DeviceError("media-error", "no answer to reset"));
  await chipClient.send("CardReader.ReadRawData", { chip: true });
  chipCard.insert(Uint8Array.of(0x3b, 0x00));
  await chip("CardReader.ReadRawData", { chip: true });
  await chip("CardReader.ChipIO", { chipProtocol: "chipT0", chipData: "AKQEAA==" });
  await chip("CardReader.ChipPower", { chipPower: "cold" });
  await chip("CardReader.Reset", { to: "exit" });
  const cardRemoved = nextOf(chipClient, "CardReader.MediaRemovedEvent");
  await chip("CardReader.Move", { to: "exit" });
  chipCard.takeAway();
  await cardRemoved;

  const scanner = doing(await publisher.client("barcode"));
  barcode.show("qrCode", "https://example.com/bill");
  await scanner("BarcodeReader.Read", { symbologies: { qrCode: true } });
  barcode.show("hanXin", "汉信码");
  await scanner("BarcodeReader.Read", {});
  await scanner("BarcodeReader.Reset", {});

  const cameraClient = await publisher.client("camera");
  await doing(cameraClient)("Camera.TakePicture", { camera: "person", camData: "text" });
  await doing(cameraClient)("Camera.TakePicture", { camera: "X-document" });
  await cameraClient.send("Camera.TakePicture", { camera: "room" });
  await doing(cameraClient)("Camera.Reset", {});

  const cabinet = await publisher.client("auxiliaries");
  await doing(cabinet)("Auxiliaries.SetAuxiliaries", { signageDisplay: "off" });
  await doing(cabinet)("Lights.SetLight", { billAcceptor: { default: { flashRate: "slow", color: "green" } } });
  await doing(cabinet)("Common.Status", {});
  const doorOpened = nextOf(cabinet, "Common.StatusChangedEvent");
  auxiliaries.sense({ sensor: "cabinetDoor", active: true });
  await doorOpened;
}

async function sendPublisherMessages(url: string, conformance: Conformance): Promise<void> {
  await using client = await connectXfs(url, { signal: AbortSignal.timeout(10_000), tap: conformance.tap });
  await doing(client)("ServicePublisher.GetServices", {});
}

async function sendUnknownCommands(url: string): Promise<void> {
  await using raw = await connectRaw(url);
  for (const [index, name] of ["Nobody.Knows", "TextTerminal.Beep"].entries()) {
    raw.command(name, index + 1);
    await raw.completion(index + 1);
  }
  for (const [index, name] of ["Common.Status", "Common.Capabilities"].entries()) {
    raw.command(name, index + 11, { version: "9.0" });
    await raw.completion(index + 11);
  }
}

async function sendCashMessages(client: XfsClient, cash: ReturnType<typeof createFakeCash>): Promise<void> {
  const does = doing(client);
  const note = (denominationFen: number) => ({
    onEvent: (name: EventName) => {
      if (name === "CashAcceptor.InsertItemsEvent") cash.insertNote(denominationFen);
    },
  });
  await does("CashManagement.GetBankNoteTypes", {});
  await does("CashAcceptor.ConfigureNoteTypes", { items: [{ item: "type1CNY", enabled: false }] });
  await does("CashAcceptor.CashInStart", { amountLimit: [{ currency: "CNY", value: 100 }], useRecycleUnits: false });
  const cashIn = client.send("CashAcceptor.CashIn", {});
  await until(() => cash.accepting() !== null);
  cash.emit({ type: "note-refused", reason: "unrecognised" });
  cash.insertNote(5_000);
  successOf("CashAcceptor.CashIn", await cashIn);
  await does("CashManagement.GetItemInfo", {});
  await does("CashAcceptor.CashInEnd", {});
  await does("CashAcceptor.GetCashInStatus", {});
  await does("CashAcceptor.CashInStart", {});
  await client.send("CashAcceptor.CashIn", {}, note(2_000));
  await does("CashAcceptor.CashInRollback", {});
  cash.emit({ type: "note-escrowed", denominationFen: 100, noteId: "stray" });

  const denomination = { denomination: { service: { currencies: { CNY: 6.5 }, mix: "mix1" } } };
  await does("CashDispenser.GetMixTypes", {});
  await does("CashDispenser.Denominate", { request: denomination });
  await does("CashDispenser.Dispense", { denomination });
  await does("CashDispenser.GetPresentStatus", {});
  await does("CashDispenser.Present", {});
  cash.stopDispenseAfter(1, new DeviceError("jam", "jam"));
  await client.send("CashDispenser.Dispense", { denomination });
  cash.failNext("dispense", new DeviceError("indeterminate", "no answer"));
  await client.send("CashDispenser.Dispense", { denomination });
  await does("X-Cash.GetEvidence", {});

  await does("Storage.StartExchange", {});
  const initial = { type1CNY: { fit: 10 } };
  await does("Storage.SetStorage", { storage: { unitHopper1: { cash: { status: { initial } } } } });
  await does("Storage.EndExchange", {});
  await does("Storage.GetStorage", {});
  const threshold = nextOf(client, "Storage.StorageThresholdEvent");
  cash.unit("hopper1").count = 300;
  cash.emit({ type: "units-changed" });
  await threshold;
  cash.emit({ type: "door", open: true });
  cash.emit({ type: "jam", where: "escrow" });
  cash.emit({ type: "jam-cleared" });
  cash.emit({ type: "door", open: false });
  await does("CashManagement.Reset", {});
  await client.send("Common.Cancel", { requestIds: [999] });
}

async function sendPinPadMessages(client: XfsClient, pinPad: ReturnType<typeof createFakePinPad>): Promise<void> {
  const does = doing(client);
  await does("KeyManagement.Initialization", {});
  for (const [key, keyUsage] of [
    ["pin1", "P0"],
    ["data1", "D0"],
    ["mac1", "M6"],
  ] as const) {
    const keyAttributes = { keyUsage, algorithm: "4", modeOfUse: "E" };
    await does("KeyManagement.ImportKey", {
      key,
      keyAttributes,
      value: block,
      decryptKey: "master",
      decryptMethod: "ecb",
    });
  }
  await does("KeyManagement.GetKeyDetail", {});
  await does("KeyManagement.GenerateKCV", { key: "pin1", keyCheckMode: "zero" });
  await client.send("KeyManagement.GenerateKCV", { key: "nobody", keyCheckMode: "zero" });
  await does("Crypto.CryptoData", {
    key: "master",
    iv: { value: block },
    modeOfUse: "E",
    cryptoMethod: "cbc",
    data: block,
  });
  await does("Crypto.GenerateAuthentication", { key: "mac1", data: block });
  await does("Crypto.GenerateRandom", {});
  for (const key of ["1", "clear", "2", "5", ".", "enter"]) pinPad.press(key);
  await does("Keyboard.DataEntry", { maxLen: 8, autoEnd: false });
  for (const key of ["1", "2", "backspace", "3", "4", "5", "enter"]) pinPad.press(key);
  await does("Keyboard.PinEntry", { minLen: 4, maxLen: 6 });
  const pinBlock = { customerData: "622202123456789", padding: 15, key: "pin1" };
  await does("PinPad.GetPinBlock", { ...pinBlock, format: "iso0" });
  await does("PinPad.GetPinBlock", { ...pinBlock, format: "X-sm4", xorData: "00", cryptoMethod: "ecb" });
  await does("Keyboard.Reset", {});
  await does("PinPad.Reset", {});
  await does("KeyManagement.Reset", {});
  await does("KeyManagement.DeleteKey", { key: "data1" });
  pinPad.tamper();
  await client.send("Crypto.GenerateRandom", {});
}

async function sendPrinterMessages(client: XfsClient, printer: ReturnType<typeof createFakePrinter>): Promise<void> {
  const does = doing(client);
  await does("Printer.PrintNative", { data: receipt, mediaControl: { cut: true, eject: true } });
  await does("Printer.PrintNative", { data: pdfData(Buffer.from("%PDF-1.7\n")), paperSource: "upper" });
  await does("Printer.ControlMedia", { mediaControl: { cut: true } });
  await does("Printer.Reset", { mediaControl: "eject" });
  const taken = nextOf(client, "Printer.MediaTakenEvent");
  printer.change({ mediaPresent: false });
  await taken;
  printer.change({ paper: "low", ink: "low" });
  printer.change({ paper: "out", cover: "open" });
  await client.send("Printer.PrintNative", { data: receipt });
  printer.change({ cover: "closed" });
  await client.send("Printer.PrintNative", { data: receipt });
  printer.change({ paper: "jammed" });
  await client.send("Printer.PrintNative", { data: receipt });
}

type Doing = <N extends CommandName>(
  name: N,
  payload: CommandPayload<N>,
) => Promise<Extract<Completion<N>, { completionCode: "success" }>["payload"]>;

/** Sends a command that must succeed. */
function doing(client: XfsClient): Doing {
  return async (name, payload) => successOf(name, await client.send(name, payload, { timeoutMs: 10_000 }));
}

function nextOf(client: XfsClient, name: EventName): Promise<void> {
  return new Promise((resolve) => {
    const off = client.on(name, () => {
      off();
      resolve();
    });
  });
}
