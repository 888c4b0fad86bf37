//! RFC 4475 section 3.1.1: messages that are right, however they look.

use super::sdp;

/// 3.1.1.1. White space, folding, case and compact names wherever the grammar lets them stand.
pub(super) fn wsinv() -> String {
    r#"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"#
    .to_owned()
}

/// 3.1.1.2. Every character that a method, a user, a display name, a parameter may hold.
pub(super) fn intmeth() -> String {
    let text = r#"!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
To: "BEL:\<07> NUL:\<00> DEL:\<7F>" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
Max-Forwards: 255
extensionHeader-!.%*+_`'~:<BOM>大停電
Content-Length: 0

"#;
    text.replace("<07>", "\u{7}").replace("<00>", "\0").replace("<7F>", "\u{7f}").replace("<BOM>", "\u{feff}")
}

/// 3.1.1.3. Escapes in a user part, a parameter name and a parameter value.
pub(super) fn esc01() -> String {
    r#"INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0
To: sip:%75se%72@example.com
From: <sip:I%20have%20spaces@example.net>;tag=938
Max-Forwards: 87
i: esc01.239409asdfakjkn23onasd0-3234
CSeq: 234234 INVITE
Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw
C: application/sdp
Contact:
  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>
Content-Length: 150

"#
    .to_owned()
        + &sdp("192.0.2.1")
}

/// 3.1.1.4. Two users that differ only in escaped zero bytes.
pub(super) fn escnull() -> String {
    r#"REGISTER sip:example.com SIP/2.0
To: sip:null-%00-null@example.com
From: sip:null-%00-null@example.com;tag=839923423
Max-Forwards: 70
Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd
CSeq: 14398234 REGISTER
Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw
Contact: <sip:%00@host5.example.com>
Contact: <sip:%00%00@host5.example.com>
L:0

"#
    .to_owned()
}

/// 3.1.1.5. A percent sign that is only a percent sign: in a method, a header name, a branch.
pub(super) fn esc02() -> String {
    r#"RE%47IST%45R sip:registrar.example.com SIP/2.0
To: "%Z%45" <sip:resource@example.com>
From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23
Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf
Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234
CSeq: 29344 RE%47IST%45R
Max-Forwards: 70
Contact: <sip:alias1@host1.example.com>
C%6Fntact: <sip:alias2@host2.example.com>
Contact: <sip:alias3@host3.example.com>
l: 0

"#
    .to_owned()
}

/// 3.1.1.6. No space between display name and bracket.
pub(super) fn lwsdisp() -> String {
    r#"OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: caller<sip:caller@example.com>;tag=323
Max-Forwards: 70
Call-ID: lwsdisp.1234abcd@funky.example.com
CSeq: 60 OPTIONS
Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw
l: 0

"#
    .to_owned()
}

/// 3.1.1.7. Long values, rebuilt from its repetitions: 34 Via, hundreds of bytes in every field.
pub(super) fn longreq() -> String {
    let times = |word: &str, count: usize| word.repeat(count);
    let (long, name) = (times("long", 20), times("name", 25));
    let caller = times("amazinglylongcallername", 5);
    let mut text = format!(
        "INVITE sip:user@example.com SIP/2.0\n\
         To: \"I have a user name of {} proportion\"<sip:user@example.com:6000;\
         unknownparam1=very{long}value;longparam{name}=shortvalue;very{}ParameterNameWithNoValue>\n\
         F: sip:{caller}@example.net;tag=12{}424;unknownheaderparam{}=unknowheaderparam{};\
         unknownValueless{}\n\
         Call-ID: longreq.one{}longcallid\n\
         CSeq: 3882340 INVITE\n\
         Unknown-{}-Name: unknown-{long}-value; unknown-{long}-parameter-name = unknown-{long}-parameter-value\n",
        times("extreme", 10),
        times("long", 25),
        times("982", 50),
        times("name", 20),
        times("value", 15),
        times("paramname", 10),
        times("really", 20),
        times("Long", 20),
    );
    let spellings =
        ["Via:", "v:", "V:", "ViA:", "VIa:", "VIA:", "via:", "viA:", "vIa:", "vIA:", "V :", "v  :", "Via  :"];
    for number in (1..=33).rev() {
        let spelling = spellings[number % spellings.len()];
        text += &format!("{spelling} SIP/2.0/TCP sip{number}.example.com\n");
    }
    text += &format!(
        "Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;\n branch=very{}branchvalue\n\
         Max-Forwards: 70\nContact: <sip:{caller}@host5.example.net>\n\
         Content-Type: application/sdp\nl: 150\n\n",
        times("long", 50)
    );
    text + &sdp("192.0.2.1")
}

/// 3.1.1.8. A whole second request after the body in one datagram.
pub(super) fn dblreq() -> String {
    r#"REGISTER sip:example.com SIP/2.0
To: sip:j.user@example.com
From: sip:j.user@example.com;tag=43251j3j324
Max-Forwards: 8
I: dblreq.0ha0isndaksdj99sdfafnl3lk233412
Contact: sip:j.user@host.example.com
CSeq: 8 REGISTER
Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492
Content-Length: 0


INVITE sip:joe@example.com SIP/2.0
t: sip:joe@example.com
From: sip:caller@example.net;tag=141334
Max-Forwards: 8
Call-ID: dblreq.0ha0isnda977644900765@192.0.2.15
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw380234
Content-Type: application/sdp
Content-Length: 150

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.15
s=-
c=IN IP4 192.0.2.15
t=0 0
m=audio 49217 RTP/AVP 0 12
m =video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"#
    .to_owned()
}

/// 3.1.1.9. A semicolon that belongs to the user.
pub(super) fn semiuri() -> String {
    r#"OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0
To: sip:j_user@example.com
From: sip:caller@example.org;tag=33242
Max-Forwards: 3
Call-ID: semiuri.0ha0isndaksdj
CSeq: 8 OPTIONS
Accept: application/sdp, application/pkcs7-mime,
        multipart/mixed, multipart/signed,
        message/sip, message/sipfrag
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
l: 0

"#
    .to_owned()
}

/// 3.1.1.10. Transports that we do not have, in Via.
pub(super) fn transports() -> String {
    r#"OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: <sip:caller@example.com>;tag=323
Max-Forwards: 70
Call-ID:  transports.kijh4akdnaqjkwendsasfdj
Accept: application/sdp
CSeq: 60 OPTIONS
Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
l: 0

"#
    .to_owned()
}

/// 3.1.1.11. A multipart body with bytes that are no text. The binary part is ours: the RFC's is a
/// signature of five hundred bytes, of which only that it is binary matters here.
pub(super) fn mpart01() -> String {
    let body = "--7a9cbec02ceef655\nContent-Type: text/plain\nContent-Transfer-Encoding: binary\n\nHello\n\
        --7a9cbec02ceef655\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n\
        0\u{1}\0\u{2}\u{7f}\u{6}\t*\n--7a9cbec02ceef655--\n";
    let length = body.len() + body.matches('\n').count();
    format!(
        r#"MESSAGE sip:kumiko@example.org SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport
Max-Forwards: 70
Route: <sip:127.0.0.1:5080>
Contact: <sip:fluffy@127.0.0.1:5070>
To: <sip:kumiko@example.org>
From: <sip:fluffy@example.com>;tag=2fb0dcc9
Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..
CSeq: 1 MESSAGE
Content-Transfer-Encoding: binary
Content-Type: multipart/mixed;boundary=7a9cbec02ceef655
Date: Sat, 15 Oct 2005 04:44:56 GMT
User-Agent: SIPimp.org/0.2.5 (curses)
Content-Length: {length}

{body}"#
    )
}

/// 3.1.1.12. A reason phrase that is a calculation and a sentence in Russian.
pub(super) fn unreason() -> String {
    r#"SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое
Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
Call-ID: unreason.1234ksdfak3j2erwedfsASdf
CSeq: 35 INVITE
From: sip:user@example.com;tag=11141343
To: sip:user@example.edu;tag=2229
Content-Length: 154
Content-Type: application/sdp
Contact: <sip:user@host198.example.com>

"#
    .to_owned()
        + &sdp("192.0.2.198")
}

/// 3.1.1.13. No reason phrase, but the space before it.
pub(super) fn noreason() -> String {
    "SIP/2.0 100 \n".to_owned()
        + r#"Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
Call-ID: noreason.asndj203insdf99223ndf
CSeq: 35 INVITE
From: <sip:user@example.com>;tag=39ansfi3
To: <sip:user@example.edu>;tag=902jndnke3
Content-Length: 0
Contact: <sip:user@host105.example.com>

"#
}
