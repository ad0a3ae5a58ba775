/**
 * Session descriptions between browsers and libdatachannel. The library keeps whatever a description says, so what a room
 * does not use (other codecs, transport-wide feedback, other extensions) is taken out before it sees it.
 */
export const ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

export interface PublishedStream {
  readonly mid: string;
  readonly media: "audio" | "video";
  readonly ssrc: number;
  readonly rtxSsrc: number | null;
  readonly payloadType: number;
  readonly rtxPayloadType: number | null;
  readonly absSendTimeId: number | null;
}

export interface PublishOffer {
  /** What the library is given. */
  readonly sdp: string;
  readonly streams: readonly PublishedStream[];
}

interface Section {
  readonly lines: string[];
}

function split(sdp: string): { head: Section; media: Section[] } {
  const lines = sdp.split(/\r\n|\n/).filter((line) => line.length > 0);
  const head: Section = { lines: [] };
  const media: Section[] = [];
  for (const line of lines) {
    if (line.startsWith("m=")) media.push({ lines: [] });
    (media.at(-1) ?? head).lines.push(line);
  }
  return { head, media };
}

const value = (section: Section, prefix: string): string | undefined =>
  section.lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);

/**
 * Throws where a media line has no codec that rooms speak (VP8, Opus). Inside the library the browser's `sendonly` is
 * `sendrecv`: on a line that only receives it refuses to send feedback upstream.
 */
export function readPublishOffer(sdp: string): PublishOffer {
  const { head, media } = split(sdp);
  const streams: PublishedStream[] = [];
  const kept = media.map((section) => keepSection(section, streams));
  return { sdp: [...head.lines, ...kept.flat(), ""].join("\r\n"), streams };
}

function keepSection(section: Section, streams: PublishedStream[]): string[] {
  const [mLine = ""] = section.lines;
  const [, kind = ""] = /^m=(\w+) /.exec(mLine) ?? [];
  if (kind !== "audio" && kind !== "video") throw new Error(`a media line of kind ${kind} is not for rooms`);
  const mid = value(section, "a=mid:") ?? "";
  const codec = kind === "video" ? "VP8/90000" : "opus/48000";
  const payloadType = section.lines
    .map((line) => /^a=rtpmap:(\d+) (\S+)/.exec(line))
    .find((match) => match?.[2]?.toLowerCase().startsWith(codec.toLowerCase()))?.[1];
  if (payloadType === undefined) throw new Error(`media line ${mid} does not offer ${codec}`);
  const rtx = section.lines
    .map((line) => /^a=fmtp:(\d+) apt=(\d+)/.exec(line))
    .find((match) => match?.[2] === payloadType)?.[1];
  const payloadTypes = new Set([payloadType, ...(rtx ? [rtx] : [])]);
  const absSendTimeId = section.lines
    .map((line) => /^a=extmap:(\d+)(?:\/\w+)? (\S+)/.exec(line))
    .find((match) => match?.[2] === ABS_SEND_TIME)?.[1];
  const group = /^a=ssrc-group:FID (\d+) (\d+)/.exec(
    section.lines.find((line) => line.startsWith("a=ssrc-group:FID")) ?? "",
  );
  const ssrc = group?.[1] ?? /^a=ssrc:(\d+)/.exec(section.lines.find((line) => line.startsWith("a=ssrc:")) ?? "")?.[1];
  if (ssrc === undefined) throw new Error(`media line ${mid} names no SSRC`);
  streams.push({
    mid,
    media: kind,
    ssrc: Number(ssrc),
    rtxSsrc: group && rtx ? Number(group[2]) : null,
    payloadType: Number(payloadType),
    rtxPayloadType: rtx ? Number(rtx) : null,
    absSendTimeId: absSendTimeId ? Number(absSendTimeId) : null,
  });
  return section.lines.flatMap((line) => {
    if (line === mLine) return [`${mLine.split(" ").slice(0, 3).join(" ")} ${[...payloadTypes].join(" ")}`];
    if (line === "a=sendonly") return ["a=sendrecv"];
    const numbered = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) (.*)/.exec(line);
    if (numbered) {
      if (!payloadTypes.has(numbered[1] ?? "")) return [];
      return line.startsWith("a=rtcp-fb:") && /transport-cc|nack rrtr|ccm/.test(line) ? [] : [line];
    }
    if (line.startsWith("a=extmap:")) return line.includes(ABS_SEND_TIME) ? [line] : [];
    return line === "a=extmap-allow-mixed" ? [] : [line];
  });
}

/** The library's answer as the browser may see it. `publicAddress` replaces the address of host candidates. */
export function publishAnswer(sdp: string, publicAddress: string | null): string {
  return withAddress(sdp.replaceAll("a=sendrecv", "a=recvonly"), publicAddress);
}

export function withAddress(sdp: string, publicAddress: string | null): string {
  if (!publicAddress) return sdp;
  return sdp.replace(
    /^(a=candidate:\S+ \d+ \S+ \d+ )\S+( \d+ typ host.*)$/gm,
    (_line, before: string, after: string) => `${before}${publicAddress}${after}`,
  );
}

/** A description without its candidates, and those by their media line. */
export function takeCandidates(sdp: string): { sdp: string; candidates: { mid: string; candidate: string }[] } {
  const { head, media } = split(sdp);
  const candidates = media.flatMap((section) =>
    section.lines
      .filter((line) => line.startsWith("a=candidate:"))
      .map((line) => ({ mid: value(section, "a=mid:") ?? "", candidate: line.slice("a=".length) })),
  );
  const lines = [...head.lines, ...media.flatMap((section) => section.lines)];
  const kept = lines.filter((line) => !line.startsWith("a=candidate:") && line !== "a=end-of-candidates");
  return { sdp: [...kept, ""].join("\r\n"), candidates };
}
