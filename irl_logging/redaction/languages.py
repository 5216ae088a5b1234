"""What secrets are called in other languages than English, and the words that join a name to its value there.

One row a language. In a word, a blank stands for a blank, a hyphen, an underscore or nothing; letters match in either
case, and those with a mark also without it (`contrasena`, `sifre`, `Schluessel`). `rules.told` makes the rules of it,
`keynames` knows the passwords as names.
"""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """One language's words, each field a list with `|` between.

    Args:
        passwords: Password, passphrase, PIN.
        keys: API key, access token, secret key, and secret.
        codes: Recovery or backup codes.
        seeds: The seed phrase of a wallet.
        says: What stands between name and value: is, has been changed to.
        of: What stands before whose it is: of, for, from.
        states: What a password may be said to be, without being told.
        kinds: What kind of one may be said after its name: temporary, default.
    """

    passwords: str
    keys: str
    codes: str = ""
    seeds: str = ""
    says: str = ""
    of: str = ""
    states: str = ""
    kinds: str = ""


LANGUAGES = {
    "de": Language(
        "passwort|kennwort|zugangscode|zugangswort|losung|pin nummer|pin code|geheimzahl",
        "api schlüssel|zugriffs schlüssel|zugangs schlüssel|geheim schlüssel|geheimer schlüssel"
        "|privater schlüssel|schnittstellenschlüssel"
        "|zugriffs token|zugangs token|lizenz schlüssel|produkt schlüssel|geheimnis|zugangs daten|anmelde daten",
        "wiederherstellungs code|wiederherstellungs codes|backup codes|notfall code|notfall codes"
        "|ersatz codes|einmal codes",
        "wiederherstellungs phrase|seed phrase|merk satz|wiederherstellungs wörter",
        "ist|lautet|war|wurde zu|wurde auf|wurde geändert (?:zu|auf|in)|geändert (?:zu|auf|in)|heißt",
        "für|von|vom|des|der|zum|zur|im|auf",
        "falsch|ungültig|abgelaufen|erforderlich|fehlt|leer|geändert|gesetzt|zurückgesetzt|gesperrt|nein|ja"
        "|unbekannt|richtig|korrekt|siehe",
    ),
    "fr": Language(
        "mot de passe|mots de passe|phrase secrète|phrase de passe|code secret|code pin|code d'accès",
        "clé api|clé d'api|clé d'accès|clé secrète|clé privée|clé de l'api|clé de licence|clé de produit"
        "|jeton d'accès|jeton|jeton api|identifiants",
        "codes? de récupération|codes? de secours|codes? de sauvegarde",
        "phrase de récupération|phrase mnémonique|phrase de départ|mots de récupération",
        "est|était|devient"
        "|a été (?:changé|changée|défini|définie|modifié|modifiée|réinitialisé|réinitialisée) (?:en|à|pour)"
        "|vaut",
        "de|du|des|pour|de la|de l'utilisateur|sur",
        "incorrect|incorrecte|invalide|expiré|expirée|requis|requise|manquant|vide|modifié|oublié|erroné|oui"
        "|non|obligatoire|voir",
        kinds="provisoire|temporaire|par défaut|initiale?|actuel|unique|administrateur|root|wifi|partagée?|de secours",
    ),
    "es": Language(
        "contraseña|clave de acceso|clave secreta|frase de contraseña|frase de paso|palabra de paso"
        "|código pin|código de acceso",
        "clave api|clave de api|clave de la api|clave del api|clave privada|llave api|llave de api"
        "|llave privada|llave secreta"
        "|clave de licencia|clave de producto|token de acceso|ficha de acceso|secreto|clave|credenciales",
        "códigos? de recuperación|códigos? de respaldo|códigos? de seguridad",
        "frase semilla|frase de recuperación|frase mnemotécnica|palabras semilla",
        "es|era|fue cambiada a|cambiada a|cambiado a|se cambió a|ha sido cambiada a|establecida en|es la siguiente",
        "de|del|para|de la|en",
        "incorrecta|incorrecto|inválida|inválido|caducada|caducado|requerida|requerido|obligatoria|vacía"
        "|cambiada|errónea|olvidada|sí|no|véase|ver",
        kinds="temporal|provisional|por defecto|predeterminada|inicial|actual|única|de un solo uso|maestra",
    ),
    "pt": Language(
        "senha|palavra passe|frase secreta|código pin|palavra chave|código de acesso",
        "chave api|chave de api|chave da api|chave de acesso|chave secreta|chave privada|chave de licença"
        "|chave do produto"
        "|token de acesso|segredo|credenciais",
        "códigos? de recuperação|códigos? de backup|códigos? de reserva",
        "frase semente|frase de recuperação|frase mnemônica|palavras semente",
        "é|era|foi alterada para|alterada para|alterado para|definida como|passou a ser",
        "de|do|da|para|no|na|do usuário",
        "incorreta|incorreto|inválida|inválido|expirada|expirado|obrigatória|vazia|alterada|errada|esquecida|sim|não",
        kinds="temporária|provisória|padrão|inicial|atual|única|mestra",
    ),
    "it": Language(
        "parola d'ordine|parola chiave|parola di accesso|codice pin|codice di accesso|frase segreta"
        "|frase d'accesso|chiave d'accesso",
        "chiave api|chiave dell'api|chiave di accesso|chiave segreta|chiave privata|chiave di licenza|codice segreto"
        "|token di accesso|token d'accesso|segreto|gettone|credenziali",
        "codici? di recupero|codici? di backup|codici? di emergenza",
        "frase di recupero|frase seme|frase mnemonica",
        "è|era|è stata (?:cambiata|modificata|impostata) (?:in|a|su)|cambiata in|impostata a|diventa",
        "di|del|della|per|dell'utente|su",
        "errata|errato|sbagliata|scaduta|scaduto|non valida|obbligatoria|vuota|modificata|dimenticata|sì|no|vedi",
        kinds="temporanea|provvisoria|predefinita|iniziale|attuale|unica",
    ),
    "nl": Language(
        "wachtwoord|wachtwoordzin|wachtzin|toegangscode|pincode",
        "api sleutel|toegangs sleutel|geheime sleutel|privé sleutel|licentie sleutel|productsleutel"
        "|toegangstoken|geheim|inloggegevens",
        "herstelcode|herstelcodes|back up codes?|noodcodes?",
        "herstelzin|herstelwoorden|seed zin",
        "is|was|luidt|is (?:gewijzigd|veranderd|ingesteld) (?:in|naar|op)|gewijzigd (?:in|naar)",
        "van|voor|op|bij",
        "onjuist|ongeldig|verlopen|vereist|verplicht|leeg|gewijzigd|fout|vergeten|ontbreekt|ja|nee|zie",
    ),
    "pl": Language(
        "hasło|hasłem|kod pin|kod dostępu|fraza hasłowa",
        "klucz api|klucz do api|klucz dostępu|klucz dostępowy|klucz prywatny|klucz tajny|tajny klucz"
        "|klucz licencyjny|klucz produktu"
        "|token dostępu|token dostępowy|sekret|żeton|dane logowania",
        "kody? odzyskiwania|kody? zapasowe|kody? awaryjne|kody? zapasowy",
        "fraza odzyskiwania|fraza seed|fraza zapasowa",
        "to|jest|było|brzmi|zmieniono na|zostało (?:zmienione|ustawione) na|ustawiono na",
        "do|dla|od|użytkownika|na|z",
        "nieprawidłowe|niepoprawne|błędne|wygasło|wymagane|puste|zmienione|brak|tak|nie|zob|patrz",
        kinds="tymczasowe|domyślne|początkowe|jednorazowe|tymczasowy",
    ),
    "cs": Language(
        "heslo|hesla|heslem|přístupové heslo|přístupová fráze|pin kód",
        "api klíč|klíč api|klíč k api|přístupový klíč|tajný klíč|soukromý klíč|licenční klíč|přístupový token"
        "|tajemství|přihlašovací údaje",
        "obnovovací kódy?|záložní kódy?|kódy? pro obnovení|kódy? obnovení",
        "obnovovací fráze|seed fráze|fráze pro obnovení",
        "je|bylo|zní|bylo změněno na|změněno na|nastaveno na",
        "pro|k|ke|uživatele|od|na",
        "nesprávné|neplatné|špatné|vypršelo|povinné|prázdné|změněno|chybí|ano|ne|viz",
    ),
    "sk": Language(
        "prístupové heslo|prístupová fráza|heslá",
        "api kľúč|kľúč api|kľúč k api|prístupový kľúč|tajný kľúč|súkromný kľúč|licenčný kľúč|prístupový token"
        "|tajomstvo|prihlasovacie údaje",
        "obnovovacie kódy|obnovovací kód|záložné kódy|záložný kód",
        "obnovovacia fráza|fráza na obnovenie",
        "je|bolo|znie|bolo zmenené na|zmenené na|nastavené na",
        "pre|k|ku|používateľa|od|na",
        "nesprávne|neplatné|zlé|vypršalo|povinné|prázdne|zmenené|chýba|áno|nie",
    ),
    "hu": Language(
        "jelszó|jelszava|jelszavad|jelszavam|jelmondat|pin kód|belépési kód",
        "api kulcs|hozzáférési kulcs|titkos kulcs|privát kulcs|licenckulcs|termékkulcs|hozzáférési token"
        "|titok|belépési adatok",
        "helyreállítási kód|helyreállítási kódok|biztonsági kódok|tartalék kódok",
        "helyreállító kifejezés|helyreállítási kifejezés|magmondat",
        "ez|új értéke|megváltozott erre|módosítva erre|a következő",
        "a|az|ehhez",
        "hibás|helytelen|érvénytelen|lejárt|kötelező|üres|megváltozott|hiányzik|igen|nem|lásd",
    ),
    "ro": Language(
        "parola|parolă|parolei|cod pin|codul pin|frază de acces|cod de acces",
        "cheie api|cheia api|cheie de acces|cheia de acces|cheie secretă|cheia secretă|cheie privată"
        "|cheia privată|cheie de licență"
        "|token de acces|jeton de acces|tokenul de acces|date de autentificare",
        "coduri de recuperare|coduri de rezervă|cod de recuperare|cod de rezervă",
        "fraza de recuperare|frază de recuperare|fraza seed",
        "este|e|era|a fost (?:schimbată|schimbat|setată|modificată) (?:în|la|cu)|schimbată în",
        "pentru|de|a|al|utilizatorului|la",
        "incorectă|incorect|greșită|greșit|invalidă|expirată|expirat|obligatorie|goală|schimbată|lipsește|da|nu",
        kinds="temporară|provizorie|implicită|inițială|actuală",
    ),
    "sv": Language(
        "lösenord|lösenordet|lösenfras|pinkod|åtkomstkod",
        "api nyckel|api nyckeln|åtkomstnyckel|hemlig nyckel|privat nyckel|licensnyckel|produktnyckel"
        "|åtkomsttoken|hemlighet|hemligheten|inloggningsuppgifter",
        "återställningskod|återställningskoder|reservkod|reservkoder|säkerhetskopieringskoder",
        "återställningsfras|återställningsord|fröfras",
        "är|var|lyder|har ändrats till|ändrades till|ändrat till|satt till",
        "för|till|på|åt|hos",
        "felaktigt|fel|ogiltigt|krävs|obligatoriskt|tomt|ändrat|saknas|utgånget|ja|nej",
    ),
    "da": Language(
        "adgangskode|adgangskoden|kodeord|kodeordet|løsen|pinkode|adgangsord",
        "api nøgle|api nøglen|adgangsnøgle|hemmelig nøgle|privat nøgle|licensnøgle|produktnøgle|adgangstoken"
        "|hemmelighed|loginoplysninger",
        "gendannelseskode|gendannelseskoder|backupkoder|nødkoder|reservekoder",
        "gendannelsesfrase|gendannelsesord",
        "er|var|lyder|er (?:ændret|sat) til|blev ændret til|ændret til",
        "for|til|på|hos",
        "forkert|ugyldig|ugyldigt|udløbet|påkrævet|tom|ændret|mangler|ja|nej",
    ),
    "nb": Language(
        "passord|passordet|passfrase|tilgangskode|pin kode",
        "api nøkkel|api nøkkelen|tilgangsnøkkel|hemmelig nøkkel|privat nøkkel|lisensnøkkel|produktnøkkel"
        "|tilgangstoken|hemmelighet|innloggingsdetaljer",
        "gjenopprettingskode|gjenopprettingskoder|reservekode|sikkerhetskopikoder",
        "gjenopprettingsfrase|gjenopprettingsord",
        "er|var|lyder|er (?:endret|satt) til|ble endret til|endret til",
        "for|til|på|hos",
        "feil|ugyldig|utløpt|påkrevd|tomt|endret|mangler|ja|nei",
    ),
    "fi": Language(
        "salasana|salasanasi|salasanaksi|tunnuslause|salalause|pin koodi|pääsykoodi|tunnusluku",
        "api avain|rajapinta avain|käyttöavain|pääsyavain|salainen avain|yksityinen avain|lisenssiavain"
        "|tuoteavain|pääsytunnus|käyttöoikeustunnus"
        "|salaisuus|kirjautumistiedot",
        "palautuskoodi|palautuskoodit|varakoodit|varmuuskoodit",
        "palautuslause|palautussanat|siemenlause",
        "on|oli|on nyt|vaihdettiin|muutettiin|vaihtui|asetettu",
        "käyttäjän|käyttäjälle|tilin",
        "väärin|virheellinen|vanhentunut|pakollinen|tyhjä|vaihdettu|puuttuu|kyllä|ei|katso",
    ),
    "el": Language(
        "κωδικός πρόσβασης|κωδικός|κωδικού πρόσβασης|συνθηματικό|φράση πρόσβασης|κωδικός pin",
        "κλειδί api|κλειδί του api|κλειδί πρόσβασης|μυστικό κλειδί|ιδιωτικό κλειδί|κλειδί άδειας"
        "|διακριτικό πρόσβασης|διακριτικό|μυστικό|διαπιστευτήρια",
        "κωδικοί ανάκτησης|κωδικός ανάκτησης|εφεδρικοί κωδικοί|κωδικοί ασφαλείας",
        "φράση ανάκτησης|φράση αποκατάστασης",
        "είναι|ήταν|άλλαξε σε|ορίστηκε σε",
        "για|του|της|για τον|για το",
        "λάθος|εσφαλμένος|άκυρος|έληξε|απαιτείται|κενός|άλλαξε|λείπει|ναι|όχι",
    ),
    "tr": Language(
        "şifre|şifresi|şifreniz|şifren|parola|parolası|parolanız|parolan|pin kodu|erişim kodu|geçiş ifadesi",
        "api anahtarı|api anahtarınız|erişim anahtarı|gizli anahtar|gizli anahtarı|özel anahtar"
        "|lisans anahtarı|ürün anahtarı|erişim belirteci|erişim jetonu"
        "|belirteç|jeton|giriş bilgileri",
        "kurtarma kodu|kurtarma kodları|yedek kodlar|yedek kodları|yedek kod",
        "kurtarma ifadesi|kurtarma kelimeleri|tohum ifadesi",
        "şudur|olarak (?:değiştirildi|ayarlandı)|yeni değeri|artık",
        "için|kullanıcının",
        "yanlış|hatalı|geçersiz|gerekli|boş|değiştirildi|eksik|zorunlu|evet|hayır|bkz",
    ),
    "ru": Language(
        "пароль|пароля|паролем|парол|пин код|пинкод|кодовое слово|кодовая фраза|парольная фраза|код доступа",
        "api ключ|ключ api|апи ключ|ключ апи|ключ доступа|секретный ключ|закрытый ключ|приватный ключ"
        "|лицензионный ключ|ключ лицензии|ключ продукта|ключ активации"
        "|токен|токен доступа|секрет|ключ|учётные данные|учетные данные|реквизиты доступа|данные для входа",
        "коды? восстановления|резервные коды|резервный код|запасные коды",
        "сид фраза|мнемоническая фраза|фраза восстановления|мнемоника|секретная фраза|seed фраза",
        "это|был|изменён на|изменен на|сменён на|сменен на|теперь|установлен в|задан как",
        "от|для|пользователя|к|на|базы|сервера",
        "неверный|неправильный|недействителен|истёк|истек|обязателен|пустой|изменён|изменен|отсутствует|да"
        "|нет|сброшен|см",
    ),
    "uk": Language(
        "пароль|пароля|паролем|пін код|пінкод|кодове слово|парольна фраза|код доступу",
        "api ключ|ключ api|ключ доступу|секретний ключ|закритий ключ|приватний ключ|ліцензійний ключ"
        "|ключ ліцензії|токен|токен доступу|секрет|ключ|облікові дані",
        "коди? відновлення|резервні коди|резервний код",
        "сід фраза|мнемонічна фраза|фраза відновлення",
        "це|був|змінено на|тепер|встановлено",
        "від|для|користувача|до|на",
        "невірний|неправильний|недійсний|минув|обов’язковий|порожній|змінено|відсутній|так|ні|див",
    ),
    "bg": Language(
        "парола|паролата|пин код|парола за достъп|код за достъп",
        "api ключ|ключ за api|ключ за достъп|таен ключ|частен ключ|лицензен ключ|токен|токен за достъп|тайна"
        "|ключ|данни за вход",
        "кодове за възстановяване|код за възстановяване|резервни кодове|резервен код",
        "фраза за възстановяване|мнемонична фраза",
        "е|беше|е сменена на|променена на|сменена на",
        "за|на|от",
        "грешна|невалидна|изтекла|задължителна|празна|сменена|липсва|да|не",
    ),
    "ar": Language(
        "كلمة المرور|كلمة مرور|كلمة السر|كلمة سر|الرقم السري|رمز المرور|عبارة المرور|رمز الدخول",
        "مفتاح api|مفتاح واجهة برمجة التطبيقات|مفتاح الوصول|المفتاح السري|مفتاح سري|المفتاح الخاص"
        "|مفتاح الترخيص|رمز الوصول|رمز api|السر|بيانات الدخول",
        "رموز الاسترداد|رمز الاسترداد|رموز الاحتياط|الرموز الاحتياطية",
        "عبارة الاسترداد|العبارة السرية|عبارة الاستعادة",
        "هي|هو|كانت|كان|تم تغييرها إلى|أصبحت",
        "ل|من|على|الخاصة ب",
        "خاطئة|غير|مطلوبة|منتهية|فارغة|نعم|لا",
        kinds="المؤقتة|الافتراضية|الجديدة|الحالية|المؤقت",
    ),
    "he": Language(
        "סיסמה|סיסמא|הסיסמה|הסיסמא|סיסמתך|קוד גישה|קוד סודי|ביטוי סיסמה",
        "מפתח api|מפתח ה api|מפתח גישה|מפתח סודי|מפתח פרטי|מפתח רישיון|אסימון גישה|אסימון|טוקן|סוד|פרטי התחברות",
        "קודי שחזור|קוד שחזור|קודי גיבוי|קוד גיבוי",
        "ביטוי שחזור|מילות שחזור",
        "היא|הוא|הייתה|שונתה ל|שונה ל",
        "של|עבור|ל",
        "שגויה|שגוי|נדרשת|ריקה|כן|לא",
        kinds="זמנית|הזמנית|חדשה|החדשה|ראשונית",
    ),
    "fa": Language(
        "رمز عبور|گذرواژه|کلمه عبور|پسورد|رمز ورود|عبارت عبور",
        "کلید api|کلید ای پی آی|کلید دسترسی|کلید مخفی|کلید خصوصی|کلید محرمانه|توکن|توکن دسترسی|رمز|اطلاعات ورود",
        "کدهای بازیابی|کد بازیابی|کدهای پشتیبان",
        "عبارت بازیابی|کلمات بازیابی",
        "است|بود|برابر|عبارت است از",
        "برای|از|کاربر",
        "نادرست|اشتباه|نامعتبر|منقضی|الزامی|خالی|بله|خیر",
        kinds="موقت|پیش فرض|جدید|اولیه",
    ),
    "hi": Language(
        "पासवर्ड|कूटशब्द|पासफ़्रेज़|पासफ्रेज|पिन कोड|गुप्त कोड|पासकोड",
        "api कुंजी|एपीआई कुंजी|एपीआई की|api की|गुप्त कुंजी|निजी कुंजी|एक्सेस कुंजी|लाइसेंस कुंजी|एक्सेस टोकन|टोकन|गुप्त|सीक्रेट",
        "रिकवरी कोड|बैकअप कोड|पुनर्प्राप्ति कोड",
        "रिकवरी वाक्यांश|सीड वाक्यांश",
        "है|था|बदलकर",
        "का|के लिए|की",
        "गलत|अमान्य|आवश्यक|खाली|हाँ|नहीं",
    ),
    "bn": Language(
        "পাসওয়ার্ড|পাসওয়ার্ড|গোপন শব্দ|পিন কোড|পাসকোড",
        "api কী|এপিআই কী|গোপন কী|অ্যাক্সেস কী|প্রাইভেট কী|অ্যাক্সেস টোকেন|টোকেন|গোপন",
        "পুনরুদ্ধার কোড|ব্যাকআপ কোড",
        "পুনরুদ্ধার বাক্যাংশ|সিড বাক্যাংশ",
        "হল|হলো|ছিল",
        "এর|জন্য",
        "ভুল|অবৈধ|আবশ্যক|খালি|হ্যাঁ|না",
    ),
    "th": Language(
        "รหัสผ่าน|พาสเวิร์ด|รหัสลับ|รหัสพิน|วลีรหัสผ่าน|รหัสเข้าใช้",
        "คีย์ api|กุญแจ api|คีย์เอพีไอ|คีย์การเข้าถึง|คีย์ลับ|กุญแจลับ|คีย์ส่วนตัว|กุญแจส่วนตัว|รหัสใบอนุญาต|โทเค็น|โทเคน|โทเค็นการเข้าถึง|ความลับ",
        "รหัสกู้คืน|รหัสสำรอง",
        "วลีกู้คืน|คำกู้คืน|วลีช่วยจำ",
        "คือ|เป็น|ถูกเปลี่ยนเป็น|เปลี่ยนเป็น",
        "ของ|สำหรับ",
        "ผิด|ไม่ถูกต้อง|หมดอายุ|จำเป็น|ว่าง",
        kinds="ชั่วคราว|เริ่มต้น|ใหม่",
    ),
    "vi": Language(
        "mật khẩu|mã pin|cụm mật khẩu|mã truy cập",
        "khóa api|khoá api|mã api|khóa truy cập|khóa bí mật|khoá bí mật|khóa riêng|khóa bản quyền"
        "|mã thông báo truy cập|mã thông báo|token truy cập|bí mật|thông tin đăng nhập",
        "mã khôi phục|mã dự phòng|mã phục hồi",
        "cụm từ khôi phục|cụm từ hạt giống|cụm từ bí mật",
        "là|được đổi thành|đổi thành|đã đổi thành|được đặt thành",
        "của|cho|để",
        "sai|không|hết hạn|bắt buộc|trống|đúng",
        kinds="tạm thời|mặc định|ban đầu|hiện tại",
    ),
    "id": Language(
        "kata sandi|sandi|kata kunci|frasa sandi|kode pin|kode akses",
        "kunci api|kunci akses|kunci rahasia|kunci privat|kunci pribadi|kunci lisensi|token akses|rahasia|kredensial",
        "kode pemulihan|kode cadangan",
        "frasa pemulihan|frasa benih|frasa rahasia",
        "adalah|ialah|yaitu|diubah menjadi|diganti menjadi|menjadi",
        "untuk|dari|pengguna|bagi",
        "salah|kedaluwarsa|wajib|kosong|diubah|hilang|ya|tidak",
        kinds="sementara|bawaan|awal|saat ini",
    ),
    "ms": Language(
        "kata laluan|frasa laluan|kod pin|kod laluan",
        "kunci api|kunci akses|kunci rahsia|kunci peribadi|kunci lesen|token akses|rahsia|kelayakan",
        "kod pemulihan|kod sandaran",
        "frasa pemulihan",
        "ialah|adalah|iaitu|ditukar kepada",
        "untuk|bagi|daripada|pengguna",
        "salah|luput|diperlukan|kosong|ditukar|ya|tidak",
        kinds="sementara|lalai|awal",
    ),
    "zh": Language(
        "密码|密碼|口令|暗号|通行码|通行碼|密码短语|密碼短語|管理密码|登录密码",
        "接口密钥|接口金鑰|api密钥|api金鑰|api密鑰|访问密钥|存取金鑰|存取密鑰|访问令牌|存取權杖|訪問令牌|令牌"
        "|密钥|密鑰|金鑰|私钥|私鑰|秘钥|权杖|權杖|机密|机要"
        "|授权码|授權碼|激活码|序列号|产品密钥|许可证密钥|账号密码|凭据|憑證密碼",
        "恢复代码|恢复码|恢復碼|备用码|備用碼|备份码|備份碼|备用验证码|救援码",
        "助记词|助記詞|种子短语|種子短語|恢复短语|恢復短語|助记短语",
        "是|为|為|如下"
        "|(?:已|被|已被|已经|已經)?(?:重置|设置|設置|設定|设定|修改|更改|變更|变更|更新|改|设|重設)(?:成|为|為|到|至)",
        "",
        "错误|錯誤|不正确|无效|已过期|必填|为空|缺失",
    ),
    "ja": Language(
        "パスワード|パスフレーズ|暗証番号|パスコード|合言葉|合い言葉|pinコード|ピンコード|暗号",
        "apiキー|アクセスキー|シークレットキー|シークレット|秘密鍵|プライベートキー|ライセンスキー"
        "|プロダクトキー|アクセストークン|トークン|認証キー|鍵|認証情報",
        "リカバリーコード|リカバリコード|回復コード|復旧コード|バックアップコード|予備コード",
        "ニーモニック|シードフレーズ|リカバリーフレーズ|復元フレーズ|ニーモニックフレーズ",
        "は|が|を|に|次の通り",
        "",
        "違います|無効|期限切れ|必須|不正",
    ),
    "ko": Language(
        "비밀번호|비밀 번호|암호|패스워드|암호문|핀번호|핀 번호|비번",
        "api 키|api키|액세스 키|접근 키|접근키|비밀 키|비밀키|시크릿 키|시크릿|개인 키|개인키|라이선스 키"
        "|제품 키|인증키|인증 키|액세스 토큰|접근 토큰|토큰",
        "복구 코드|복구코드|백업 코드|예비 코드",
        "니모닉|시드 구문|시드 문구|복구 구문|복구 문구",
        "은|는|이|가|를|을|값은|값이|변경됨",
        "",
        "틀림|오류|만료됨|필수|없음",
    ),
}
"""The languages, by their code."""
