import { scanApi } from "@gridhall/domain/payment/scanApi.ts";
import type { RpcHandler } from "../link/service.ts";
import type { ScanService } from "./scanPayments.ts";

/** What a kiosk may ask about scan payments. */
export function scanRpc(scan: ScanService): ReadonlyMap<string, RpcHandler> {
  return new Map<string, RpcHandler>([
    [
      "payment.scan-begin",
      (device, params) =>
        scan.begin(scanApi["payment.scan-begin"].params.parse(params), {
          deviceId: device.device_id,
          unitPath: device.unit_path,
          channel: "kiosk",
        }),
    ],
    [
      "payment.scan-status",
      (_device, params) => scan.status(scanApi["payment.scan-status"].params.parse(params).intentId),
    ],
    [
      "payment.scan-cancel",
      (device, params) => scan.cancel(scanApi["payment.scan-cancel"].params.parse(params).intentId, device.device_id),
    ],
  ]);
}
