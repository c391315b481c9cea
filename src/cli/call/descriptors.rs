//! Learns from a running server which services it has and what their messages look like.
//!
//! Speaks gRPC server reflection v1 and, where a server has only that, v1alpha. Never calls
//! anything but the reflection service.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream;
use http::uri::PathAndQuery;
use prost::Message as _;
use prost_reflect::{DescriptorPool, MethodDescriptor, ServiceDescriptor};
use prost_types::FileDescriptorProto;
use tonic::{Code, Status};
use tonic_prost::ProstCodec;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

use super::codec::well_known_types;
use super::connection::Connection;
use super::error::Error;
use super::names;

/// The two versions have the same messages on the wire and differ only in the path.
const VERSIONS: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Far above any real server; keeps a broken one from filling the memory.
const MAX_FILES: usize = 10_000;

/// Everything a server says about itself.
pub struct Catalog {
    pub pool: DescriptorPool,
    /// Sorted by name.
    pub services: Vec<ServiceDescriptor>,
    /// Services that the server lists but does not describe; they cannot be called.
    pub undescribed: Vec<String>,
}

impl Catalog {
    pub async fn load(connection: &Connection) -> Result<Self, Error> {
        let (reflection, mut listed) = Reflection::open(connection).await?;
        listed.sort();
        listed.dedup();

        let mut files = BTreeMap::new();
        let symbols = listed.iter().cloned();
        let questions = symbols.map(MessageRequest::FileContainingSymbol).collect();
        insert_all(&mut files, reflection.files(questions).await?)?;
        reflection.complete(&mut files).await?;

        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_protos(files.into_values()).map_err(|error| Error::Descriptors(error.to_string()))?;

        let mut services = Vec::new();
        let mut undescribed = Vec::new();
        for name in listed {
            match pool.get_service_by_name(&name) {
                Some(service) => services.push(service),
                None => undescribed.push(name),
            }
        }
        Ok(Self { pool, services, undescribed })
    }

    /// The method that `asked` means, in any of the forms of [`names::find_method`].
    pub fn method(&self, asked: &str) -> Result<MethodDescriptor, Error> {
        let methods: Vec<MethodDescriptor> =
            self.services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
        let paths: Vec<String> = methods.iter().map(method_path).collect();
        let position = names::find_method(&paths, asked)?;
        Ok(methods[position].clone())
    }
}

/// `package.Service/Method`, as in the path of a request.
pub fn method_path(method: &MethodDescriptor) -> String {
    format!("{}/{}", method.parent_service().full_name(), method.name())
}

struct Reflection<'a> {
    connection: &'a Connection,
    path: PathAndQuery,
}

impl<'a> Reflection<'a> {
    /// Settles which version the server speaks; the listed service names come with it.
    async fn open(connection: &'a Connection) -> Result<(Self, Vec<String>), Error> {
        for version in VERSIONS {
            let reflection = Self { connection, path: PathAndQuery::from_static(version) };
            let question = MessageRequest::ListServices(String::new());
            let answers = match reflection.ask(vec![question]).await {
                Ok(answers) => answers,
                Err(Error::Rpc(status)) if status.code() == Code::Unimplemented => continue,
                Err(Error::Rpc(status)) if is_no_grpc(&status) => {
                    return Err(Error::Unreachable {
                        address: connection.address.clone(),
                        reason: format!("it does not speak gRPC: {}", status.message()),
                    });
                }
                Err(error) => return Err(error),
            };
            let Some(MessageResponse::ListServicesResponse(list)) = answers.into_iter().next() else {
                return Err(Error::Descriptors("no list of services".to_owned()));
            };
            let listed = list.service.into_iter().map(|service| service.name);
            return Ok((reflection, listed.collect()));
        }
        Err(Error::NoReflection { address: connection.address.clone() })
    }

    /// Fetches imported files until every import is there.
    async fn complete(&self, files: &mut BTreeMap<String, FileDescriptorProto>) -> Result<(), Error> {
        loop {
            let missing: BTreeSet<String> = files
                .values()
                .flat_map(|file| &file.dependency)
                .filter(|import| !files.contains_key(*import))
                .cloned()
                .collect();
            if missing.is_empty() {
                return Ok(());
            }
            let names = missing.iter().cloned();
            let questions = names.map(MessageRequest::FileByFilename).collect();
            insert_all(files, self.files(questions).await?)?;
            for name in missing {
                files.entry(name.clone()).or_insert_with(|| stand_in(name));
            }
        }
    }

    /// The files that answer `questions`. What the server does not find is left out.
    async fn files(&self, questions: Vec<MessageRequest>) -> Result<Vec<FileDescriptorProto>, Error> {
        let answers = match self.ask(questions.clone()).await {
            // Some servers, tonic's among them, end the stream at the first name they do not
            // know instead of answering it with an error. The rest is then asked one by one.
            Err(error) if is_not_found(&error) => {
                let mut answers = Vec::new();
                for question in questions {
                    match self.ask(vec![question]).await {
                        Err(error) if is_not_found(&error) => {}
                        answer => answers.extend(answer?),
                    }
                }
                answers
            }
            answers => answers?,
        };

        let mut files = Vec::new();
        for answer in answers {
            let encoded = match answer {
                MessageResponse::FileDescriptorResponse(found) => found.file_descriptor_proto,
                MessageResponse::ErrorResponse(error) => {
                    let status = Status::new(Code::from(error.error_code), error.error_message);
                    if status.code() == Code::NotFound {
                        continue;
                    }
                    return Err(Error::Rpc(status));
                }
                _ => return Err(Error::Descriptors("not the answer to a file".to_owned())),
            };
            for bytes in encoded {
                let file = FileDescriptorProto::decode(bytes.as_slice())
                    .map_err(|error| Error::Descriptors(error.to_string()))?;
                files.push(file);
            }
        }
        Ok(files)
    }

    /// Sends all questions in one stream. As many answers come back, in the same order.
    async fn ask(&self, questions: Vec<MessageRequest>) -> Result<Vec<MessageResponse>, Error> {
        let expected = questions.len();
        let requests = questions
            .into_iter()
            .map(|question| ServerReflectionRequest { host: String::new(), message_request: Some(question) });
        let request = self.connection.request(stream::iter(requests));
        let codec = ProstCodec::<ServerReflectionRequest, ServerReflectionResponse>::default();
        let mut grpc = self.connection.grpc().await?;
        let answering = grpc.streaming(request, self.path.clone(), codec).await;
        let mut answering = answering.map_err(|status| self.connection.failure(status))?.into_inner();

        let mut answers = Vec::with_capacity(expected);
        while answers.len() < expected {
            let answer = answering.message().await;
            let answer = answer.map_err(|status| self.connection.failure(status))?;
            let Some(content) = answer.and_then(|answer| answer.message_response) else {
                let reason = format!("{} of {expected} reflection answers came", answers.len());
                return Err(Error::Descriptors(reason));
            };
            answers.push(content);
        }
        Ok(answers)
    }
}

/// Whether the very first exchange broke below gRPC. A status with a cause was made on this side;
/// one that a server sends has none.
fn is_no_grpc(status: &Status) -> bool {
    let is_vague = matches!(status.code(), Code::Internal | Code::Unknown);
    is_vague && std::error::Error::source(status).is_some()
}

fn is_not_found(error: &Error) -> bool {
    matches!(error, Error::Rpc(status) if status.code() == Code::NotFound)
}

fn insert_all(files: &mut BTreeMap<String, FileDescriptorProto>, found: Vec<FileDescriptorProto>) -> Result<(), Error> {
    for file in found {
        files.insert(file.name().to_owned(), file);
    }
    if files.len() > MAX_FILES {
        return Err(Error::Descriptors(format!("more than {MAX_FILES} files")));
    }
    Ok(())
}

/// For an import that the server does not have: Google's own file where it is one, else an empty
/// file. Imports that serve only custom options are often left out and are not needed here; a
/// type that is needed and missing is reported when the pool is built.
fn stand_in(name: String) -> FileDescriptorProto {
    match well_known_types().get_file_by_name(&name) {
        Some(file) => file.file_descriptor_proto().clone(),
        None => FileDescriptorProto {
            name: Some(name),
            syntax: Some("proto3".to_owned()),
            ..FileDescriptorProto::default()
        },
    }
}
