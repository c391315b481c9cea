//! sea-orm entities of the reference tables.

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

pub mod area {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "areas")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub code: String,
        pub alpha2: Option<String>,
        pub alpha3: Option<String>,
        pub m49: Option<i32>,
        pub kind: String,
        pub name: String,
        pub entry_year: Option<i32>,
        pub exit_year: Option<i32>,
        pub source: String,
        pub note: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod unit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub abbreviation: String,
        pub name: String,
        pub source: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod classification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "classifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub code: String,
        pub name: String,
        pub title: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod commodity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "commodities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub until_release: Option<i32>,
        pub classification: i32,
        pub code: String,
        pub title: String,
        pub level: i32,
        pub parent: Option<i32>,
        pub leaf: bool,
        pub unit: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod concordance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "concordances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_classification: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_classification: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub until_release: Option<i32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
