/** What a report is about. */
export interface Returned {
  /** Whom the report goes to: our return path. */
  returnPath: string;
  mailingId: string;
  recipient: string;
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

const ours = ({ mailingId, recipient }: Returned): string => `Return-Path: <bounces@firstbell.example>
From: Firstbell <firstbell@firstbell.example>
To: ${recipient}
Subject: Safeguarding notice to read by 08:45 (KTM4XQ2)
Message-ID: <${mailingId}@firstbell.example>
Auto-Submitted: auto-generated
X-Firstbell-Mailing: ${mailingId}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8`;

/** Postfix, as its bounce(8) writes it. */
export function postfix(
  about: Returned,
  status = '5.1.1',
  action: 'failed' | 'delayed' | 'relayed' = 'failed',
): string {
  const { returnPath, recipient } = about;
  const subject =
    action === 'delayed' ? 'Delayed Mail (still being retried)' : 'Undelivered Mail Returned to Sender';
  return crlf(`Return-Path: <>
Received: by mx.school.example (Postfix)
\tid 4C1B2A0F1E; Mon, 23 Nov 2026 06:01:12 +0000 (GMT)
Date: Mon, 23 Nov 2026 06:01:12 +0000 (GMT)
From: MAILER-DAEMON@mx.school.example (Mail Delivery System)
Subject: ${subject}
To: ${returnPath}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9F0A14C1B29.1790000000/mx.school.example"
Message-Id: <20261123060112.4C1B2A0F1E@mx.school.example>

This is a MIME-encapsulated message.

--9F0A14C1B29.1790000000/mx.school.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.school.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<${recipient}>: host mail.school.example[192.0.2.25] said: 550
    ${status} <${recipient}>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)

--9F0A14C1B29.1790000000/mx.school.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.school.example
X-Postfix-Queue-ID: 4C1B2A0F1E
X-Postfix-Sender: rfc822; ${returnPath}
Arrival-Date: Mon, 23 Nov 2026 06:01:11 +0000 (GMT)

Final-Recipient: rfc822; ${recipient}
Original-Recipient: rfc822;${recipient}
Action: ${action}
Status: ${status}
Remote-MTA: dns; mail.school.example
Diagnostic-Code: smtp; 550 ${status} <${recipient}>: Recipient address
    rejected: User unknown in virtual mailbox table

--9F0A14C1B29.1790000000/mx.school.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

${ours(about)}

--9F0A14C1B29.1790000000/mx.school.example--
`);
}

/** Exchange Online: HTML first, its own headers, the status in the group, our mail as message/rfc822. */
export function exchange(about: Returned, status = '5.1.10'): string {
  const { returnPath, recipient } = about;
  return crlf(`Received: from AM0PR01MB0001.eurprd01.prod.exchangelabs.example (2001:db8::1) by
 AM0PR01MB0002.eurprd01.prod.exchangelabs.example with HTTPS; Mon, 23 Nov 2026 06:01:13 +0000
MIME-Version: 1.0
From: <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@school.example>
To: <${returnPath}>
Date: Mon, 23 Nov 2026 06:01:13 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="18c5f9b1-4d3a-4e0a-9c77-3a1b1f2d5e60"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <d0a7c0de-1111-4222-8333-444455556666@AM0PR01MB0002.eurprd01.prod.exchangelabs.example>
In-Reply-To: <${about.mailingId}@firstbell.example>
Subject: Undeliverable: Safeguarding notice to read by 08:45 (KTM4XQ2)
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All

--18c5f9b1-4d3a-4e0a-9c77-3a1b1f2d5e60
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="5f7f2c0e-2f5c-4a55-8c6b-6a0f6f0c1b2a"

--5f7f2c0e-2f5c-4a55-8c6b-6a0f6f0c1b2a
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to ${recipient} couldn't be delivered.=20

--5f7f2c0e-2f5c-4a55-8c6b-6a0f6f0c1b2a
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Your message couldn't be delivered.</p></body></html>

--5f7f2c0e-2f5c-4a55-8c6b-6a0f6f0c1b2a--

--18c5f9b1-4d3a-4e0a-9c77-3a1b1f2d5e60
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0002.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;mx.council.example
Arrival-Date: Mon, 23 Nov 2026 06:01:12 +0000

Final-Recipient: rfc822;${recipient}
Action: failed
Status: ${status}
Diagnostic-Code: smtp;550 ${status} RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--18c5f9b1-4d3a-4e0a-9c77-3a1b1f2d5e60
Content-Type: message/rfc822

${ours(about)}

You have a safeguarding notice to read by 08:45.

--18c5f9b1-4d3a-4e0a-9c77-3a1b1f2d5e60--
`);
}

/** Exim 4.8x and later. */
export function exim(about: Returned, status = '5.0.0'): string {
  const { returnPath, recipient } = about;
  return crlf(`Received: from Debian-exim by mail.trust.example with local (Exim 4.96)
\tid 1r5xYZ-0001Ab-2C
\tfor ${returnPath};
\tMon, 23 Nov 2026 06:01:14 +0000
X-Failed-Recipients: ${recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.trust.example>
To: ${returnPath}
References: <${about.mailingId}@firstbell.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=1790000074-eximdsn-804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1r5xYZ-0001Ab-2C@mail.trust.example>
Date: Mon, 23 Nov 2026 06:01:14 +0000

--1790000074-eximdsn-804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${recipient}
    Unrouteable address

--1790000074-eximdsn-804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mail.trust.example

Action: failed
Final-Recipient: rfc822;${recipient}
Status: ${status}

--1790000074-eximdsn-804289383
Content-type: message/rfc822

Return-path: <${returnPath}>
${ours(about)}

You have a safeguarding notice to read by 08:45.

--1790000074-eximdsn-804289383--
`);
}

/** Exim before it wrote RFC 3464: a header and a text. */
export function oldExim(about: Returned): string {
  return crlf(`X-Failed-Recipients: ${about.recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.trust.example>
To: ${about.returnPath}
Subject: Mail delivery failed: returning message to sender
Date: Mon, 23 Nov 2026 06:01:14 +0000

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${about.recipient}
    SMTP error from remote mail server after RCPT TO:<${about.recipient}>:
    host mail.school.example [192.0.2.25]: 550 5.1.1 No such user

------ This is a copy of the message, including all the headers. ------

${ours(about)}
`);
}

/** A mailbox that was expanded to several: what became of each. */
export function several(
  about: Returned,
  groups: readonly { recipient: string; action: string; status: string }[],
): string {
  const parts = groups
    .map(
      ({ recipient, action, status }) =>
        `Final-Recipient: rfc822; ${recipient}\nAction: ${action}\nStatus: ${status}\n`,
    )
    .join('\n');
  return crlf(`From: MAILER-DAEMON@mx.school.example
To: ${about.returnPath}
Subject: Delivery Status Notification
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

Some of it failed.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.school.example

${parts}
--b1
Content-Type: text/rfc822-headers

${ours(about)}

--b1--
`);
}

/** Out of office, as Exchange writes it. */
export function outOfOffice(about: Returned): string {
  return crlf(`From: Dee Riverside <${about.recipient}>
To: ${about.returnPath}
Subject: Automatic reply: Safeguarding notice to read by 08:45 (KTM4XQ2)
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
In-Reply-To: <${about.mailingId}@firstbell.example>
Content-Type: text/plain

I am away until Monday. 550 pupils are in good hands with my deputy.
`);
}

/** A read receipt: also multipart/report, and no bounce. */
export function readReceipt(about: Returned): string {
  return crlf(`From: Dee Riverside <${about.recipient}>
To: ${about.returnPath}
Subject: Read: Safeguarding notice
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b2"

--b2
Content-Type: text/plain

Your message was read.

--b2
Content-Type: message/disposition-notification

Final-Recipient: rfc822;${about.recipient}
Original-Message-ID: <${about.mailingId}@firstbell.example>
Disposition: manual-action/MDN-sent-manually; displayed

--b2--
`);
}
