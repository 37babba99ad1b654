//! What clients send, and what comes of it: whole, in pieces, many at once, and hostile. The words are those of the real listener.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use vaultlet_http::{Answer, Connection, Head, MAX_BODY, Persistence, Refusal, Step};

const HOST: &str = "Host: x\r\n";

/// All steps of a client that sends this and leaves.
fn steps(bytes: &[u8]) -> Vec<Step> {
    in_pieces(bytes, bytes.len().max(1))
}

fn in_pieces(bytes: &[u8], length: usize) -> Vec<Step> {
    let mut connection = Connection::new();
    let mut steps = Vec::new();
    let mut drain = |connection: &mut Connection| {
        loop {
            match connection.step() {
                Step::Wait => break,
                Step::Close => break steps.push(Step::Close),
                step => steps.push(step),
            }
            assert!(steps.len() < 10_000, "a connection comes to an end");
        }
    };
    for piece in bytes.chunks(length) {
        connection.receive(piece);
        drain(&mut connection);
    }
    connection.end();
    drain(&mut connection);
    steps.dedup_by(|right, left| (&*right, &*left) == (&Step::Close, &Step::Close));
    steps
}

/// The requests alone.
fn requests(bytes: &[u8]) -> Vec<(Head, Vec<u8>)> {
    let request = |step| match step {
        Step::Request(head, body) => Some((head, body)),
        _ => None,
    };
    steps(bytes).into_iter().filter_map(request).collect()
}

/// What one request line and its headers are refused with.
fn refusal(bytes: &[u8]) -> Refusal {
    match steps(bytes).as_slice() {
        [Step::Refuse(refusal), Step::Close] => *refusal,
        other => panic!("{other:?} for {}", String::from_utf8_lossy(bytes)),
    }
}

#[test]
fn any_method_is_read() {
    for method in ["GET", "LIST", "SCAN", "PATCH", "FOO"] {
        let sent =
            format!("{method} /v1/auth/token/accessors?x=%zz HTTP/1.1\r\n{HOST}X-Vault-Token: root\r\n\r\n");
        let [(head, body)] = requests(sent.as_bytes()).try_into().unwrap();
        assert_eq!((head.method.as_str(), body.len()), (method, 0));
        assert_eq!(head.target, "/v1/auth/token/accessors?x=%zz");
        assert_eq!(head.headers[1], ("X-Vault-Token".to_owned(), "root".to_owned()));
        assert_eq!(head.persistence, Persistence { keep: true, old: false });
    }
}

#[test]
fn many_requests_in_one_packet_are_answered_one_by_one() {
    let one = format!("POST /v1/x HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\n{{}}");
    let bodies: Vec<Vec<u8>> = requests(one.repeat(5).as_bytes()).into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies, vec![b"{}".to_vec(); 5]);
}

#[test]
fn chunks_become_one_body_and_trailers_are_dropped() {
    let sent = format!(
        "PUT /v1/x HTTP/1.1\r\n{HOST}Content-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\n{{\"pat\r\n8;x=y\r\nhs\":\"a\"}}\r\n0\r\nTrail: z\r\n\r\nGET / HTTP/1.1\r\n{HOST}\r\n"
    );
    let read = requests(sent.as_bytes());
    assert_eq!(read[0].1, br#"{"paths":"a"}"#);
    assert_eq!(read[1].0.target, "/");
}

#[test]
fn who_expects_a_word_gets_it_before_the_body() {
    let sent = format!("PUT /v1/x HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{{}}");
    let steps = steps(sent.as_bytes());
    assert!(matches!(steps.as_slice(), [Step::Continue, Step::Request(..), Step::Close]), "{steps:?}");
    let empty = sent.replace("Content-Length: 2", "Content-Length: 0");
    assert!(!in_pieces(empty.as_bytes(), 1).contains(&Step::Continue));
}

#[test]
fn a_connection_closes_when_the_client_says_so() {
    let sent = format!("GET /a HTTP/1.1\r\n{HOST}Connection: close\r\n\r\nGET /b HTTP/1.1\r\n{HOST}\r\n");
    assert_eq!(requests(sent.as_bytes()).len(), 1);
    assert!(!requests(b"GET /a HTTP/1.0\r\n\r\n")[0].0.persistence.keep);
    assert!(requests(b"GET /a HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n")[0].0.persistence.keep);
    assert_eq!(steps(b""), [Step::Close]);
    assert_eq!(steps(b"GET /a HT"), [Step::Close], "half a head is nobody's request");
}

#[test]
fn what_is_no_http_is_refused_in_the_listeners_words() {
    let cases: [(&[u8], Refusal); 18] = [
        (b"hello\r\n\r\n", Refusal::Malformed),
        (b"GET /v1/sys/leader\r\n\r\n", Refusal::Malformed),
        (b"F@O( /v1/sys/leader HTTP/1.1\r\nHost: x\r\n\r\n", Refusal::Malformed),
        (b"GET / HTTP/3.7\r\n\r\n", Refusal::Version),
        (b"GET / HTTPS\r\n\r\n", Refusal::Malformed),
        (b"GET v1/sys/leader HTTP/1.1\r\nHost: x\r\n\r\n", Refusal::Malformed),
        (b"GET /v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n", Refusal::Malformed),
        (b"GET /v1/\x01 HTTP/1.1\r\nHost: x\r\n\r\n", Refusal::Malformed),
        (b"GET / HTTP/1.1\r\n\r\n", Refusal::NoHost),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", Refusal::Malformed),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Refusal::MalformedHost),
        (b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", Refusal::Malformed),
        (b"GET / HTTP/1.1\r\nHost: x\r\nbad : x\r\n\r\n", Refusal::HeaderName),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", Refusal::Malformed),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\n{}", Refusal::Malformed),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            Refusal::Malformed,
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}", Refusal::TransferCoding),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\n{}",
            Refusal::Expectation,
        ),
    ];
    for (sent, expected) in cases {
        assert_eq!(refusal(sent), expected, "{}", String::from_utf8_lossy(sent));
    }
    let answer = String::from_utf8(Refusal::NoHost.answer("")).unwrap();
    assert_eq!(
        answer,
        "HTTP/1.1 400 Bad Request: missing required Host header\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Connection: close\r\n\r\n400 Bad Request: missing required Host header"
    );
}

#[test]
fn what_is_too_large_is_refused_before_it_is_kept() {
    let head = |line: &str| format!("POST / HTTP/1.1\r\n{HOST}{line}\r\n\r\n");
    let long = format!("A: {}", "x".repeat(1_100_000));
    assert_eq!(refusal(head(&long).as_bytes()), Refusal::HeadTooLarge);
    assert_eq!(refusal(head(&long).trim_end().as_bytes()), Refusal::HeadTooLarge);
    assert_eq!(requests(head("A: x\r\n".repeat(499).trim_end()).as_bytes()).len(), 1);
    assert_eq!(refusal(head("A: x\r\n".repeat(500).trim_end()).as_bytes()), Refusal::HeadTooLarge);
    let over = MAX_BODY + 1;
    assert_eq!(refusal(head(&format!("Content-Length: {over}")).as_bytes()), Refusal::BodyTooLarge);
    assert_eq!(refusal(head("Content-Length: 99999999999999999999").as_bytes()), Refusal::Malformed);
    let chunked = |chunk: &str| head("Transfer-Encoding: chunked") + chunk;
    assert_eq!(refusal(chunked("2000001\r\n").as_bytes()), Refusal::BodyTooLarge);
    assert_eq!(refusal(chunked("fffffffffffffffff\r\n").as_bytes()), Refusal::ChunkTooLarge);
    assert_eq!(refusal(chunked("zz\r\n{}\r\n").as_bytes()), Refusal::ChunkLength);
    assert_eq!(refusal(chunked("2\r\n{}}\r\n").as_bytes()), Refusal::ChunkMalformed);
}

#[test]
fn who_leaves_before_the_body_is_whole_is_told() {
    let head = format!("POST / HTTP/1.1\r\n{HOST}Content-Length: 9\r\n\r\n{{}}");
    assert_eq!(refusal(head.as_bytes()), Refusal::UnexpectedEnd);
    let answer = String::from_utf8(Refusal::UnexpectedEnd.answer("D")).unwrap();
    assert!(answer.ends_with("Connection: close\r\n\r\n{\"errors\":[\"unexpected EOF\"]}\n"), "{answer}");
}

#[test]
fn an_answer_has_its_length_unless_it_has_no_body() {
    let text = |status, head_only, persistence| {
        let answer = Answer { status, headers: &[("A", "b")], body: b"{}\n", date: "D" };
        String::from_utf8(answer.bytes(head_only, persistence)).unwrap()
    };
    let keep = Persistence { keep: true, old: false };
    assert_eq!(text(200, false, keep), "HTTP/1.1 200 OK\r\nA: b\r\nDate: D\r\nContent-Length: 3\r\n\r\n{}\n");
    assert_eq!(text(204, false, keep), "HTTP/1.1 204 No Content\r\nA: b\r\nDate: D\r\n\r\n");
    assert_eq!(text(473, true, keep), "HTTP/1.1 473 status code 473\r\nA: b\r\nDate: D\r\n\r\n");
    let old = text(200, true, Persistence { keep: true, old: true });
    assert_eq!(old, "HTTP/1.0 200 OK\r\nA: b\r\nDate: D\r\nConnection: keep-alive\r\n\r\n");
    assert!(text(200, false, Persistence::CLOSE).contains("\r\nConnection: close\r\n"));
}

/// Pieces of requests, put together in any order: more telling than bytes alone.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "GET ",
        "POST /v1/x ",
        "/",
        "HTTP/1.1",
        "HTTP/1.0",
        "\r\n",
        "\n",
        "\r",
        "Host: x\r\n",
        ":",
        " ",
        "\r\n\r\n",
        "Content-Length: ",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n",
        "Expect: 100-continue\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n{}",
        "0\r\n\r\n",
        "5;a\r\n",
        "{}",
        "ffffffff",
        "%",
        "\0",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\u{e9}",
        "-1",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ]);
    let piece = prop_oneof![4 => pieces.prop_map(|text| text.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..9)];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_bytes_are_cut_the_steps_are_the_same(bytes in hostile(), length in 1usize..40) {
        prop_assert_eq!(steps(&bytes), in_pieces(&bytes, length));
    }
}
