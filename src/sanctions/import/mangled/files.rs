//! Made-up files of each format, with their optional cells in marks.

use crate::sanctions::import::format::ListFormat;
use crate::sanctions::import::{ch, eu, ftm, ofac, uk, un, us};

pub fn all() -> Vec<(&'static ListFormat, String)> {
    vec![
        (&uk::FORMAT, UK.into()),
        (&uk::split::FORMAT, UK_SPLIT.into()),
        (&uk::ofsi::FORMAT, OFSI.into()),
        (&un::FORMAT, UN.into()),
        (&eu::FORMAT, EU_CSV.into()),
        (&eu::FORMAT, EU_XML.into()),
        (&ofac::SDN, OFAC_CSV.into()),
        (&ofac::SDN, OFAC_CLASSIC.into()),
        (&ofac::SDN, advanced()),
        (&ofac::SDN, OFAC_ENHANCED.into()),
        (&us::csl::FORMAT, CSL.into()),
        (&us::bis_dpl::FORMAT, DPL.into()),
        (&ch::FORMAT, SECO.into()),
        (&ftm::FORMAT, FTM.into()),
    ]
}

const UK: &str = "Report Date: 28-Jan-2026
Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name type,Alias strength,Name non-latin script,Regime Name,Designation Type,Sanctions Imposed,Other Information,Date Designated,D.O.B,Nationality(/ies),Passport number,Passport additional information,Country of birth,IMO number,Parent company,Gender,Hair
«t:09/04/2025»,RUS0001,«f:12345»,«f:KPi.001»,«f:Petrov»,«f:Ivan»,«t:Primary Name»,,«f:Иван»,«f:Russia»,«t:Individual»,«f:Asset freeze»,«f:Text»,«t:31/12/2020»,«t:05/03/1968»,«f:Russia»,«f:A1»,«f:expired»,«f:USSR»,,,«f:Male»,«f:red»
«t:09/04/2025»,RUS0001,12345,,«f:VANYA»,,«t:Alias»,«t:Low quality»,,Russia,,Asset freeze,,,«t:dd/mm/1969»,,,,,,,,
«t:09/04/2025»,SHP0001,,,«f:TANKER»,,Primary Name,,,Russia,«t:Ship»,Asset freeze,,«t:01/02/2025»,,,,,,«f:9221970»,«f:OWNER LTD»,,
";

const UK_SPLIT: &str = "unique_id,subject_type,un_reference_number,ofsi_group_id,date_designated,last_updated
AAA0001,«t:individual»,«f:TAi.010»,«f:12703»,«t:29/06/2012»,«t:16/04/2026»
AAA0002,«t:entity»,,,«t:29/06/2012»,
=====
name_id,unique_id,name_type,alias_strength,full_name,name_6,name_1
1,AAA0001,primary,,A B,«f:B»,«f:A»
2,AAA0001,«t:alias»,«t:good»,C,«f:C»,
3,AAA0002,primary,,D,«f:D»,
=====
dob_id,unique_id,year,month,day
1,AAA0001,«t:1967»,«t:01»,«t:02»
2,AAA0001,«t:1968»,,
=====
id,unique_id,raw_value,identifier_type,additional_info
1,AAA0001,«f:2132370»,«f:national»,«f:Afghan card»
";

const OFSI: &str = "Last Updated,13/04/2018
Name 6,Name 1,Title,DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,Position,Address 1,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,Last Updated,Group ID,Hair
«f:PEREZ»,«f:Ana»,«f:Dr»,«t:00/00/1961»,«f:Lima»,«f:Peru»,«f:Peru»,«f:Passport No: 4711 (Chilean)»,«f:no 5512»,«f:Chief»,«f:1 Road»,«f:W12»,«f:Peru»,UN Ref «t:QDe.004». Emir.,«t:Individual»,«t:Prime Alias»,,«f:R»,«t:01/04/2016»,«t:01/04/2016»,77,«f:red»
«f:PEPA»,,,«t:01/02/1962»,,,,,,,,,,,Individual,«t:AKA»,«t:Low»,R,01/04/2016,«t:02/04/2016»,77,
«f:ACME»,,,,,,,,,,,,,«f:Text»,«t:Entity»,Prime Alias,,R,«t:01/04/2016»,,78,
";

const UN: &str = r#"<CONSOLIDATED_LIST dateGenerated="2018-10-29T19:09:49"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>
<FIRST_NAME>«f:ANA»</FIRST_NAME><SECOND_NAME>«f:PEREZ»</SECOND_NAME><UN_LIST_TYPE>«f:DPRK»</UN_LIST_TYPE>
<REFERENCE_NUMBER>«f:KPi.001»</REFERENCE_NUMBER><LISTED_ON>«t:2014-02-03»</LISTED_ON><GENDER>«f:Female»</GENDER>
<SUBMITTED_ON>«f:2014-01-01»</SUBMITTED_ON><LIST_TYPE><VALUE>«f:UN List»</VALUE></LIST_TYPE>
<LAST_DAY_UPDATED><VALUE>«t:2015-02-03»</VALUE><VALUE>«t:2016-02-03»</VALUE></LAST_DAY_UPDATED>
<DESIGNATION><VALUE>«f:Chief»</VALUE></DESIGNATION><NATIONALITY><VALUE>«f:Peru»</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>«t:Low»</QUALITY><ALIAS_NAME>«f:ANITA»</ALIAS_NAME><DATE_OF_BIRTH>«t:1961»</DATE_OF_BIRTH></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>«t:Exact»</TYPE_OF_DATE><DATE>«t:1961-02-03»</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>«t:APPROXIMATELY»</TYPE_OF_DATE><YEAR>«t:1962»</YEAR><NOTE>«f:»</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>«t:BETWEEN»</TYPE_OF_DATE><FROM_YEAR>«t:1962»</FROM_YEAR><TO_YEAR>«t:1964»</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>«f:Passport»</TYPE_OF_DOCUMENT><NUMBER>«f:A1»</NUMBER><DATE_OF_ISSUE>«t:2001-02-03»</DATE_OF_ISSUE><NOTE>«f:expired»</NOTE></INDIVIDUAL_DOCUMENT>
<NOVELTY>«f:new»</NOVELTY></INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>«f:ACME»</FIRST_NAME>
<LISTED_ON>«t:2014-02-03»</LISTED_ON><DELISTED_ON>«t:2024-02-03»</DELISTED_ON><COMMENTS1>«f:Text»</COMMENTS1></ENTITY></ENTITIES></CONSOLIDATED_LIST>
"#;

const EU_CSV: &str = "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_Remark;Entity_SubjectType;Entity_Regulation_PublicationDate;Entity_Regulation_Programme;NameAlias_LogicalId;NameAlias_WholeName;NameAlias_Gender;BirthDate_LogicalId;BirthDate_BirthDate;BirthDate_Year;BirthDate_Month;BirthDate_Circa;Identification_LogicalId;Identification_Number;Identification_KnownFalse;Identification_ValidTo
05/08/2026;1;«f:EU.1.1»;«t:2014-03-17»;«f:Text»;«t:P»;«t:2014-03-17»;«f:UKR»;11;«f:Ana»;«f:F»;12;«t:1961-02-03»;;;«t:false»;13;«f:A1»;«t:true»;«t:2020-02-03»
05/08/2026;1;«f:EU.1.1»;«f:2014-03-17»;«f:Text»;«f:P»;«t:2014-03-18»;UKR;21;«f:Anita»;;22;;«t:1962»;«t:3»;;;;;
05/08/2026;2;;«t:2014-03-17»;;«t:E»;;UKR;31;«f:Acme»;;;;;;;;;;
";

const EU_XML: &str = r#"<export generationDate="2026-08-05T01:02:03"><sanctionEntity logicalId="1" euReferenceNumber="«f:EU.1.1»" designationDate="«t:2014-03-17»">
<subjectType code="«t:person»"/><regulation programme="«f:UKR»" publicationDate="«t:2014-03-17»"><publicationUrl>«f:x»</publicationUrl></regulation>
<nameAlias logicalId="11" wholeName="«f:Ana»" strong="«t:true»" gender="«f:F»"><regulationSummary publicationDate="«t:2014-03-17»"/></nameAlias>
<address logicalId="12" city="«f:Lima»" asAtListingTime="«t:true»"/><birthdate logicalId="13" birthdate="«t:1961-02-03»" circa="«t:false»"/>
<birthdate logicalId="14" yearRangeFrom="«t:1960»" yearRangeTo="«t:1962»"/>
<identification logicalId="15" number="«f:A1»" diplomatic="«t:false»" reportedLost="«t:true»" issueDate="«t:2001-02-03»" validTo="«t:2011-02-03»"/>
</sanctionEntity><sanctionEntity logicalId="2" delistingDate="«t:2024-02-03»"><subjectType code="«t:enterprise»"/><nameAlias logicalId="21" wholeName="«f:Acme»"/></sanctionEntity></export>
"#;

const OFAC_CSV: &str = "1,\"«f:DOE, John»\",\"«t:individual»\",\"«f:SDGT»\",\"«f:Chief»\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB «t:02 May 1965»; alt. DOB «t:circa 1966»; POB «f:Moscow, Russia»; nationality «f:Russia»; Gender «f:Male»; Passport «f:A7» (Russia) issued 01 Mar 2010; a.k.a. '«f:BOSS»'; Linked To: «f:ACME».\"
2,\"«f:TANKER»\",\"«t:vessel»\",\"«f:SDGT»\",-0- ,\"«f:T2EU4»\",\"«f:Tanker»\",\"«f:100»\",\"«f:90»\",\"«f:Panama»\",\"«f:OWNER»\",\"Vessel Registration Identification IMO «f:9221970»; Vessel Year of Build «t:2003»; «f:words».\"
=====
1,10,\"«t:aka»\",\"«f:ROE, Richard»\",-0-\u{20}
2,11,\"«t:fka»\",\"«f:SHIP»\",-0-\u{20}
=====
1,20,\"«f:Street 1»\",\"«f:Havana»\",\"«f:Cuba»\",\"«f:note»\"
2,21,-0- ,-0- ,\"«f:Cuba»\",-0-\u{20}
";

const OFAC_CLASSIC: &str = r#"<sdnList><publshInformation><Publish_Date>03/28/2025</Publish_Date><Record_Count>2</Record_Count></publshInformation>
<sdnEntry><uid>1</uid><firstName>«f:Ana»</firstName><lastName>«f:PEREZ»</lastName><title>«f:Chief»</title><sdnType>«t:Individual»</sdnType><remarks>«f:Text»</remarks>
<programList><program>«f:SDGT»</program></programList><idList><id><uid>1</uid><idType>«f:Passport»</idType><idNumber>«f:75»</idNumber><idCountry>«f:Peru»</idCountry><issueDate>«t:01 Feb 2015»</issueDate><expirationDate>«t:01 Feb 2025»</expirationDate></id></idList>
<akaList><aka><uid>1</uid><type>«t:a.k.a.»</type><category>«t:strong»</category><lastName>«f:ANITA»</lastName></aka></akaList>
<dateOfBirthList><dateOfBirthItem><uid>1</uid><dateOfBirth>«t:17 Oct 1967»</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>
<placeOfBirthList><placeOfBirthItem><uid>1</uid><placeOfBirth>«f:Lima, Peru»</placeOfBirth><mainEntry>true</mainEntry></placeOfBirthItem></placeOfBirthList></sdnEntry>
<sdnEntry><uid>2</uid><lastName>«f:ACME»</lastName><sdnType>«t:Entity»</sdnType><programList><program>SDGT</program></programList>
<addressList><address><uid>1</uid><city>«f:Lima»</city><country>«f:Peru»</country></address></addressList>
<idList><id><uid>2</uid><idType>Organization Established Date</idType><idNumber>«t:17 Oct 1990»</idNumber></id></idList></sdnEntry></sdnList>
"#;

const OFAC_ENHANCED: &str = r#"<sanctionsData><publicationInfo><dataAsOf>2026-07-27T00:00:00</dataAsOf></publicationInfo><entities>
<entity id="1"><generalInfo><entityType>«t:Individual»</entityType><title>«f:Chief»</title><remarks>«f:Text»</remarks></generalInfo>
<sanctionsLists><sanctionsList datePublished="«t:2022-03-11»">SDN List</sanctionsList></sanctionsLists><sanctionsPrograms><sanctionsProgram>«f:SDGT»</sanctionsProgram></sanctionsPrograms><sanctionsTypes><sanctionsType>«f:Block»</sanctionsType></sanctionsTypes>
<names><name><isPrimary>«t:true»</isPrimary><translations><translation><isPrimary>«t:true»</isPrimary><formattedFirstName>«f:Ana»</formattedFirstName><formattedLastName>«f:PEREZ»</formattedLastName></translation></translations></name>
<name><isPrimary>false</isPrimary><aliasType>«t:A.K.A.»</aliasType><isLowQuality>«t:true»</isLowQuality><translations><translation><formattedFullName>«f:ANITA»</formattedFullName></translation></translations></name></names>
<addresses><address><country>«f:Peru»</country><translations><translation><addressParts><addressPart><type>«t:CITY»</type><value>«f:Lima»</value></addressPart></addressParts></translation></translations></address></addresses>
<features><feature><type>Birthdate</type><value>«t:1961»</value></feature><feature><type>«f:Secondary sanctions risk:»</type><value>«f:some»</value></feature>
<feature><type>Birthdate</type><valueDate><fromDateBegin>«t:1962-01-01»</fromDateBegin><toDateEnd>«t:1963-12-31»</toDateEnd></valueDate></feature></features>
<identityDocuments><identityDocument><type>«f:Passport»</type><documentNumber>«f:75»</documentNumber><isValid>«t:true»</isValid><issuingCountry>«f:Peru»</issuingCountry><issueDate>«t:2015-02-01»</issueDate><expirationDate>«t:2025-02-01»</expirationDate></identityDocument></identityDocuments>
<relationships><relationship><type>«f:Associate Of»</type><relatedEntity entityId="2">«f:ACME»</relatedEntity></relationship></relationships><novelty>«f:new»</novelty></entity>
<entity id="2"><generalInfo><entityType>«t:Entity»</entityType></generalInfo><sanctionsLists><sanctionsList>SDN List</sanctionsList></sanctionsLists><names><name><isPrimary>true</isPrimary><translations><translation><formattedFullName>«f:ACME»</formattedFullName></translation></translations></name></names></entity>
</entities></sanctionsData>
"#;

/// The file of the tests of the advanced layout, with its dates and references in marks. Which list an entry is of and
/// which party it names tell who is listed, and stay.
fn advanced() -> String {
    let file = ofac::advanced::tests::file();
    let (head, body) = file.split_at(file.find("<DistinctParties>").expect("the file has parties"));
    let mut body = body.to_owned();
    for (before, behind) in [
        ("<Year>", "</Year>"),
        ("<Month>", "</Month>"),
        ("<Day>", "</Day>"),
        (" FeatureTypeID=\"", "\""),
        (" AliasTypeID=\"", "\""),
        (" DetailReferenceID=\"", "\""),
        (" VersionLocation LocationID=\"", "\""),
        (" PartySubTypeID=\"", "\""),
        (" LegalBasisID=\"", "\""),
        (" EntryEventTypeID=\"", "\""),
        (" SanctionsTypeID=\"", "\""),
        (" RelationTypeID=\"", "\""),
        (" To-ProfileID=\"", "\""),
    ] {
        let mut marked = String::new();
        let mut rest = body.as_str();
        while let Some((front, value)) = rest.split_once(before) {
            let (value, back) = value.split_once(behind).expect("each is closed");
            marked.push_str(front);
            marked.push_str(before);
            marked.push_str(&format!("«t:{value}»"));
            marked.push_str(behind);
            rest = back;
        }
        marked.push_str(rest);
        body = marked;
    }
    format!("{head}{body}")
}

const CSL: &str = "_id,source,entity_number,type,programs,name,title,addresses,start_date,end_date,alt_names,dates_of_birth,nationalities,places_of_birth,ids,remarks,Hair
a,Specially Designated Nationals (SDN) - Treasury Department,1,«t:Individual»,«f:SDGT»,\"«f:PEREZ, Ana»\",«f:Chief»,«f:Lima PE»,«t:2014-02-03»,«t:2024-02-03»,«f:ANITA»,«t:1961-02-03»; «t:1962»,«f:PE»,\"«f:Lima, Peru»\",\"Passport, «f:75», PE, 01 Feb 2015, 01 Feb 2025; Organization Established Date, «t:17 Oct 1990»\",«f:Text»,«f:red»
b,Entity List (EL) - Bureau of Industry and Security,,«t:Entity»,,ACME,,«f:Lima PE»,«t:2014-02-03»,,,,,,,,
";

const DPL: &str = "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\tLast_Update\tAction\tFR_Citation\tHair
JO\t«f:1 Road»\t«f:Lima»\t\t«f:PE»\t«f:123»\t«t:03/04/2002»\t«t:06/29/2056»\t«t:Y»\t«t:2006-07-11»\t«f:50 YEARS»\t«f:67 F.R. 1»\t«f:red»
ACME\t\t\t\t\t\t«t:03/04/2002»\t\t\t«t:2006-07-11»\t\t\t
JO\t«f:2 Road»\t\t\t\t\t«t:03/04/2003»\t«t:06/29/2057»\t«t:N»\t\t\t\t
";

const SECO: &str = r#"<swiss-sanctions-list date="2026-02-27"><sanctions-program ssid="10"><program-key lang="eng">«f:Ukraine»</program-key><sanctions-set ssid="11">x</sanctions-set></sanctions-program>
<target ssid="100"><sanctions-set-id>11</sanctions-set-id><foreign-identifier>«f:KPi.033»</foreign-identifier><individual><identity main="true">
<name name-type="primary-name"><name-part order="1" name-part-type="family-name"><value>«f:Petrov»</value></name-part></name>
<name name-type="«t:alias»" quality="«t:low»"><name-part order="1" name-part-type="whole-name"><value>«f:VANYA»</value></name-part></name>
<day-month-year day="«t:5»" month="«t:3»" year="«t:1968»"/><day-month-year year="«t:1968»"/>
<identification-document document-type="«f:passport»"><number>«f:71»</number><date-of-issue>«t:2001-02-03»</date-of-issue><expiry-date>«t:2011-02-03»</expiry-date><remark>«f:r»</remark></identification-document>
</identity><justification>«f:Because.»</justification></individual>
<modification modification-type="«t:listed»" effective-date="«t:2022-03-04»"/><modification modification-type="«t:amended»" publication-date="«t:2023-01-02»"/></target>
<target ssid="200"><object object-type="vessel"><identity main="true"><name name-type="primary-name"><name-part order="1" name-part-type="whole-name"><value>«f:TANKER»</value></name-part></name></identity>
<other-information>«f:IMO: 9221970»</other-information></object><modification modification-type="de-listed" effective-date="«t:2024-05-06»"/></target></swiss-sanctions-list>
"#;

const FTM: &str = r#"{"id":"Q1","schema":"Person","target":true,"caption":"Ana","properties":{"name":["«f:Ana»"],"birthDate":["«t:1961-02-03»","«t:1962»"],"modifiedAt":["«t:2024-01-02»"],"nationality":["«f:pe»"],"hairColor":["«f:red»"]}}
{"id":"Q2","schema":"Vessel","target":true,"caption":"TANKER","properties":{"imoNumber":["«f:9221970»"],"buildDate":["«t:2003»"],"flag":["«f:pa»"]}}
{"id":"s1","schema":"Sanction","properties":{"entity":["Q1"],"program":["«f:P»"],"listingDate":["«t:2014-02-03»"],"startDate":["«t:2014-02-03»"],"endDate":["«t:2034-02-03»"],"reason":["«f:Because»"]}}
{"id":"p1","schema":"Passport","properties":{"holder":["Q1"],"number":["«f:A1»"],"startDate":["«t:2001-02-03»"],"endDate":["«t:2011-02-03»"]}}
"#;
