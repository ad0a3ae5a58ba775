import { connectXfs } from "./client.ts";
import { publisherPath, standardPorts } from "./protocol/envelope.ts";
import { XfsError } from "./xfsError.ts";

export interface FoundService {
  name: string;
  url: string;
  vendorName: string;
}

/**
 * Asks each publisher on `host` which services it has. Ports where nobody answers within `timeoutMs` are skipped.
 *
 * @param ports default: the standard's 5846–5856
 */
export async function discover(
  host = "127.0.0.1",
  ports: readonly number[] = standardPorts,
  timeoutMs = 1_000,
): Promise<FoundService[]> {
  const found = await Promise.all(ports.map((port) => servicesOf(`ws://${host}:${port}${publisherPath}`, timeoutMs)));
  return found.flat();
}

async function servicesOf(url: string, timeoutMs: number): Promise<FoundService[]> {
  try {
    await using client = await connectXfs(url, { signal: AbortSignal.timeout(timeoutMs) });
    const completion = await client.send("ServicePublisher.GetServices", {}, { timeoutMs });
    if (completion.completionCode !== "success") return [];
    const { vendorName, services } = completion.payload;
    return services.map(({ serviceURI }) => ({ name: nameOf(serviceURI), url: serviceURI, vendorName }));
  } catch (error) {
    if (error instanceof XfsError) return [];
    throw error;
  }
}

/** The last part of a service's URI. */
function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}
