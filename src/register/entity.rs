//! sea-orm entities of the register.

pub mod dataset {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "datasets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub name: String,
        pub title: String,
        pub publisher: String,
        pub license: String,
        pub kind: String,
        pub scope: String,
        pub valuation: i32,
        pub precedence: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod release {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "releases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub dataset: i32,
        pub publication_date: String,
        pub created_at_ms: i64,
        pub importer_version: String,
        pub content_hash: String,
        pub files: String,
        pub rows_read: i64,
        pub rows_new: i64,
        pub rows_revised: i64,
        pub rows_unchanged: i64,
        pub rows_withdrawn: i64,
        pub rows_rejected: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
