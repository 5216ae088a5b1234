"""Secrets told in other languages than English are gone, and sentences about them stay whole."""

import pytest

from irl_logging.redaction import redact, redact_fields
from irl_logging.redaction.languages import LANGUAGES
from irl_logging.redaction.rule import sample

PASSWORD = sample("Tapir<digit 3>!<alnum 4>")
TOKEN = sample("<alnum 32>")
WORDS = " ".join(["shiver", "anchor", "judge", "wrestle"] * 3)

PASSWORDS = [
    "user jane, heslo: {}",
    "Das neue Passwort für jane lautet: {}",
    "Datenbankpasswort = {}",
    "Passwort (temporär): {}",
    "das Passwort wurde auf {} geändert",
    "mot de passe provisoire : {}",
    "la contraseña temporal es {}",
    "parola temporară pentru jane: {}",
    "mật khẩu tạm thời: {}",
    "كلمة المرور المؤقتة: {}",
    "רמז, סיסמה זמנית: {}",
    "Mot de passe de l'utilisateur jane : {}",
    "mot de passe « {} » accepté",
    "le mot de passe est : « {} »",
    "la contraseña del usuario root es {}",
    "Su contraseña: {}.",
    "CONTRASEÑA={}",
    "a senha do banco é {}",
    "utente jane - parola d'ordine: {}",
    "la password è {}",
    "hasło użytkownika jane to {}",
    "Hasło do bazy: {}",
    "jelszó: {}",
    "A jelszava: {}",
    "lösenordet är {}",
    "adgangskoden er {}",
    "passordet er {}",
    "salasanasi on {}",
    "kullanıcı jane şifre: {}",
    "Şifreniz: {}",
    "пароль: {}",
    "Пароль пользователя root: {}",
    "пароль — «{}»",
    "подключение с паролем {}",
    "парола: {}",
    "كلمة المرور: {}",
    "כלמה סיסמה: {}",
    "סיסמה: {}",
    "رمز عبور: {}",
    "पासवर्ड: {}",
    "पासवर्ड है {}",
    "পাসওয়ার্ড: {}",
    "รหัสผ่าน: {}",
    "รหัสผ่านคือ {}",
    "mật khẩu: {}",
    "mật khẩu là {}",
    "kata sandi: {}",
    "kata sandi adalah {}",
    "kata laluan: {}",
    "密码：{}",
    "数据库密码为{}",
    "密码是“{}”",
    "密码已重置为 {}",
    "本番のパスワードは「{}」です",
    "パスワード：{}",
    "パスワードを {} に変更しました",
    "비밀번호: {}",
    "비밀번호는 {}입니다",
    "κωδικός πρόσβασης: {}",
    "wachtwoord is {}",
    'Het wachtwoord voor jane is "{}"',
    "parola este {}",
    '{{"jelszó": "{}"}}',
    '"mot_de_passe": "{}"',
]
KEYS = [
    "la clé API : {}",
    "clé d’API: {}",
    "clave de API: {} (producción)",
    "API-Schlüssel: {}",
    'Der API-Schlüssel lautet "{}"',
    "chiave API: {}",
    "chave de API: {}",
    "API-sleutel: {}",
    "klucz API: {}",
    "API klíč: {}",
    "API kulcs: {}",
    "API-nyckel: {}",
    "API-nøgle: {}",
    "API-avain: {}",
    "API anahtarı: {}",
    "ваш ключ API: {}",
    "API-ключ: {}",
    "секретный ключ: {}",
    "токен доступа: {}",
    "مفتاح API: {}",
    "מפתח API: {}",
    "کلید API: {}",
    "API कुंजी: {}",
    "คีย์ API: {}",
    "khóa API: {}",
    "kunci API: {}",
    "接口密钥：{}",
    "访问令牌: {} 已生成",
    "密钥为 {}",
    "APIキー: {} を設定",
    "アクセストークンは {}",
    "새 API 키: {}",
    "액세스 토큰: {}",
]
SENTENCES = [
    "Das Passwort wurde zurückgesetzt.",
    "Passwort: falsch",
    "Passwort ist abgelaufen",
    "Passwort-Richtlinie: mindestens 12 Zeichen",
    "Passwort läuft ab am: 2026-03-01",
    "Das Passwort muss mindestens 12 Zeichen haben.",
    "Mot de passe oublié ?",
    "Mot de passe : requis",
    "Le mot de passe expire dans 3 jours",
    "La contraseña debe tener al menos 12 caracteres.",
    "contraseña: incorrecta",
    "Contraseña: ********",
    "A senha foi alterada com sucesso.",
    "senha: <sua senha>",
    "La password è scaduta.",
    "Пароль был изменён администратором.",
    "Пароль: неверный",
    "исключение: ValueError1",
    "Ключ доступа истёк, обратитесь к администратору.",
    "密码已过期，请重新设置。",
    "密码：错误",
    "密码长度为 12 位",
    "密钥轮换已完成。",
    "访问令牌无效",
    "パスワードの有効期限が切れています。",
    "パスワードは8文字以上にしてください",
    "APIキーが設定されていません",
    "비밀번호가 변경되었습니다.",
    "비밀번호는 8자 이상이어야 합니다",
    "Hasło musi mieć co najmniej 12 znaków.",
    "Hasło: nieprawidłowe",
    "Şifre sıfırlama bağlantısı gönderildi.",
    "Şifre: yanlış",
    "Wachtwoord is verlopen.",
    "Wachtwoord: onjuist",
    "mật khẩu sai",
    "mật khẩu: không đúng",
    "كلمة المرور غير صحيحة",
    "סיסמה שגויה",
    "รหัสผ่านไม่ถูกต้อง",
    "kata sandi salah",
    "kata sandi: wajib",
    "jelszó: kötelező",
    "salasana: väärin",
    "lösenord: felaktigt",
    "Der Schlüssel otter fehlt in der Konfiguration.",
    "La clé primaire de la table est id.",
    "clé API : manquante",
    "API-Schlüssel: siehe 1Password",
    "clave: user_id",
    "密码强度：80%",
    "Ключ: user_id",
    "Token: abgelaufen",
    'Passwort = os.environ["PW"]',
    "Passwort siehe https://intern.example.de/wiki/1234",
    "Passwort: siehe Abschnitt 4.2",
    "пароль: см. раздел 4.2",
    "Пароль: *** ",
    "密码：见 1Password",
    "parola: 12 caractere",
]


@pytest.mark.parametrize("sentence", PASSWORDS)
def test_a_password_told_in_any_language_is_gone(sentence):
    assert PASSWORD not in redact(sentence.format(PASSWORD))


@pytest.mark.parametrize("sentence", KEYS)
def test_a_key_told_in_any_language_is_gone(sentence):
    assert TOKEN not in redact(sentence.format(TOKEN))


@pytest.mark.parametrize("sentence", ["Passwort: {}", "パスワード：{}", "数据库密码是 {}", "clé API : {}"])
def test_random_letters_are_gone_without_a_digit(sentence):
    drawn = sample("<letter 24>")
    assert drawn not in redact(sentence.format(drawn))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_tells_no_secret_stays_in_any_language(sentence):
    assert redact(sentence) == sentence


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_word_of_each_language_names_a_password(code):
    word = LANGUAGES[code].passwords.partition("|")[0]
    text = f"{word.capitalize()}: {PASSWORD} (jane)"
    assert redact(text) == text.replace(PASSWORD, "[REDACTED:told-password]")
    name = word.replace(" ", "_").replace("'", "_")
    assert redact_fields({name: PASSWORD}) == {name: "[REDACTED:password]"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_states_of_each_language_are_no_passwords(code):
    language = LANGUAGES[code]
    for state in language.states.split("|"):
        text = f"{language.passwords.partition('|')[0]}: {state}"
        assert redact(text) == text


@pytest.mark.parametrize(
    "label", ["助记词：", "Сид-фраза: ", "frase semilla: ", "phrase de récupération : ", "시드 구문: "]
)
def test_a_seed_phrase_told_in_any_language_is_gone(label):
    assert redact(label + WORDS) == label + "[REDACTED:told-seed-phrase]"


@pytest.mark.parametrize(
    "label", ["codes de récupération : ", "Wiederherstellungscodes:\n", "резервные коды: ", "恢复代码："]
)
def test_recovery_codes_told_in_any_language_are_gone(label):
    assert redact(label + sample("<lower 8>, 4<lower 7>")) == label + "[REDACTED:told-recovery-codes]"


def test_how_many_recovery_codes_are_left_stays():
    text = "códigos de recuperación: 3 restantes; codes de récupération : 8 restants, 2 utilisés"
    assert redact(text) == text
