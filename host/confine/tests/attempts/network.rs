//! Sockets.

use std::{
    fs::File,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        fd::{AsRawFd, OwnedFd},
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream},
    },
    ptr,
};

use crate::{
    place::Place,
    trial::{Attempt, Ports, Twin, allowed, denied, os, refused},
};

pub fn attempts() -> Vec<Attempt> {
    vec![
        refused("no_address_is_connected_to", |place| {
            place.confine();
            connect(place.open)
        }),
        refused("nobody_is_listened_to", |place| {
            place.confine();
            TcpListener::bind("127.0.0.1:0").map(drop)
        }),
        refused("no_datagram_is_sent", |place| {
            place.confine();
            UdpSocket::bind("127.0.0.1:0").map(drop)
        }),
        refused("no_unix_socket_is_connected_to", |place| {
            place.confine();
            UnixStream::connect(place.outside("socket")).map(drop)
        }),
        refused("no_pair_of_sockets_is_made", |place| {
            place.confine();
            UnixStream::pair().map(drop)
        }),
        refused("no_abstract_socket_is_made", |place| {
            place.confine();
            let name = format!("autods-confine-{}", std::process::id());
            UnixListener::bind_addr(&SocketAddr::from_abstract_name(name)?).map(drop)
        }),
        refused("no_netlink_socket_is_made", |place| {
            place.confine();
            socket(libc::AF_NETLINK, libc::SOCK_RAW, 0)
        }),
        // with `sendmsg` a descriptor is passed; `write`, which passes none, is allowed (below)
        refused("no_message_is_sent_over_a_socket_that_was_open", |place| {
            let (ours, _theirs) = UnixDatagram::pair()?;
            place.confine();
            // SAFETY: all zero is an empty message to whoever is connected
            let message: libc::msghdr = unsafe { std::mem::zeroed() };
            // SAFETY: as above; it outlives the call
            os(unsafe { libc::sendmsg(ours.as_raw_fd(), &message, 0) } as libc::c_long).map(drop)
        }),
        refused(
            "no_message_is_received_over_a_socket_that_was_open",
            |place| {
                let (ours, theirs) = UnixDatagram::pair()?;
                theirs.send(b"x")?;
                place.confine();
                ours.recv(&mut [0; 1]).map(drop)
            },
        ),
        refused("a_socket_that_was_open_is_not_connected", |place| {
            let socket = UdpSocket::bind("127.0.0.1:0")?;
            place.confine();
            socket.connect(("127.0.0.1", place.open))
        }),
        // standard streams are written and read as files
        allowed("standard_output_may_be_a_socket", |place| {
            let (ours, theirs) = UnixStream::pair()?;
            let [mut ours, mut theirs] = [ours, theirs].map(|s| File::from(OwnedFd::from(s)));
            place.confine();
            ours.write_all(b"x")?;
            theirs.read_exact(&mut [0; 1])
        }),
        allowed("a_port_of_the_rules_is_connected_to", |place| {
            place.confine();
            let mut stream = TcpStream::connect(("127.0.0.1", place.open))?;
            stream.write_all(b"x")?;
            stream.flush()
        })
        .with_ports(Ports::Connect),
        denied("another_port_is_not_connected_to", |place| {
            place.confine();
            connect(place.shut)
        })
        .with_ports(Ports::Connect),
        refused("a_client_does_not_listen", |place| {
            place.confine();
            TcpListener::bind("127.0.0.1:0").map(drop)
        })
        .with_ports(Ports::Connect),
        allowed("a_port_of_the_rules_is_listened_at", |place| {
            place.confine();
            TcpListener::bind(("127.0.0.1", place.listen)).map(drop)
        })
        .with_ports(Ports::Listen),
        denied("another_port_is_not_listened_at", |place| {
            place.confine();
            TcpListener::bind("127.0.0.1:0").map(drop)
        })
        .with_ports(Ports::Listen),
        refused("a_server_does_not_connect", |place| {
            place.confine();
            connect(place.open)
        })
        .with_ports(Ports::Listen),
        refused("ports_open_no_datagrams", |place| {
            place.confine();
            UdpSocket::bind("127.0.0.1:0").map(drop)
        })
        .with_ports(Ports::Connect),
        refused("ports_open_no_unix_sockets", |place| {
            place.confine();
            UnixStream::connect(place.outside("socket")).map(drop)
        })
        .with_ports(Ports::Connect),
        refused("ports_open_no_stream_that_is_not_tcp", |place| {
            place.confine();
            socket(libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_MPTCP)
        })
        .with_ports(Ports::Connect)
        .twin(Twin::Differs),
        refused("a_send_does_not_connect_to_another_port", fast_open)
            .with_ports(Ports::Connect)
            .twin(Twin::Differs),
    ]
}

fn connect(port: u16) -> io::Result<()> {
    TcpStream::connect(("127.0.0.1", port)).map(drop)
}

fn socket(domain: i32, kind: i32, protocol: i32) -> io::Result<()> {
    // SAFETY: no pointer is passed
    os(unsafe { libc::socket(domain, kind, protocol) }.into()).map(drop)
}

/// TCP Fast Open: the first send makes the connection, without `connect`.
fn fast_open(place: &Place) -> io::Result<()> {
    place.confine();
    // SAFETY: no pointer is passed
    let socket = os(unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) }.into())?;
    let address = libc::sockaddr_in {
        sin_family: u16::try_from(libc::AF_INET).unwrap(),
        sin_port: place.shut.to_be(),
        sin_addr: libc::in_addr {
            s_addr: u32::from_ne_bytes([127, 0, 0, 1]),
        },
        sin_zero: [0; 8],
    };
    // SAFETY: address and byte outlive the call, and their lengths are theirs
    os(unsafe {
        libc::sendto(
            i32::try_from(socket).unwrap(),
            b"x".as_ptr().cast(),
            1,
            libc::MSG_FASTOPEN,
            ptr::from_ref(&address).cast(),
            u32::try_from(size_of_val(&address)).unwrap(),
        )
    } as libc::c_long)
    .map(drop)
}
