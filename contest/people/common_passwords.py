"""Passwords and words that come first in every list of guesses, without tones and in lower case.

`COMMON`: whole passwords. `STEMS`: words that stay guessable with any digits before or after them
("matkhau" forbids "matkhau2026" and "123matkhau"), as Vietnamese people like to make them.
"""

_STEMS = """
matkhau matkhaucuatoi matkhaumoi matkhaumanh khongmatkhau khongcomatkhau quenmatkhau
matkhaula matkhaulagi passcuatoi password passwords passw0rd p4ssword pass passpass mypassword
newpassword yourpassword changeme letmein welcome welcomeback hello helloworld iloveyou
iloveyouu iloveu anhyeuem emyeuanh yeuanh yeuem yeuemnhieu yeuanhnhieu emyeu anhyeu toiyeuban
toiyeuem minhyeu yeumai yeumaimai mailaanh mailaem connghien conyeu conyeume meyeucon boyeucon
giadinh giadinhtoi giadinhhanhphuc hanhphuc hanhphucnhe hanhphucmaimai binhan tinhyeu
tinhyeuvinhcuu tinhban banthan nguoiyeu nguoiyeucu vietnam vietnamvodich vietnamoi yeuvietnam
vietnamquehuongtoi quehuong hanoi hanoiyeu yeuhanoi thudohanoi hanoimuathu hanoivietnam thudo
saigon saigonoi tphcm hochiminh danang haiphong hochoc truonghoc hocsinh hocsinhgioi sinhvien
giaovien thaygiao cogiao lophoc truongtoi hoctap hoctapsuotdoi hoctapsuot chuyendoiso
congdanso sanchoi cuocthi tuanlehoctap thitracnghiem dangnhap dangky dangxuat taikhoan
taikhoancuatoi admin administrator administrators adminadmin root rootroot superuser
quantri quantrivien banquantri bantochuc nguoidung user username login test tester testing
testtest demo demodemo guest default qwerty qwertyuiop qwertyui qwertyqwerty asdfgh asdfghjkl
asdfasdf zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc abcdef abcdefgh abcabc abcxyz
abcd aaa aaaa aaaaaa abc a q qwe qaz asd zxc x xx xxx z zz zzz khongbiet khongnho
khongcogi khongcogiquyhon doclaptudo doclaptudohanhphuc chucmungnammoi chucmung nammoi
chucmungsinhnhat sinhnhat happybirthday happynewyear monkey dragon football baseball
bongda bongdavietnam manchester manchesterunited chelsea arsenal liverpool barcelona
realmadrid ronaldo messi superman batman spiderman starwars pokemon naruto doraemon
sunshine princess master shadow michael jordan freedom whatever trustno trustnoone
computer internet google facebook zalo youtube tiktok gmail yahoo samsung iphone android
viettel vinaphone mobifone vietcombank agribank techcombank bidv momo vnpay chungcu xinchao
xinchaocacban chaocacban chaoban camon camonban tamtam tuanle motconvit motconvitxoera
conmeo concho meomeo giacmo uocmo thanhcong thanhcongnhe chienthang codon maimai mai mailove
trainghiem concao consau emlaai anhlaai toilaai toilatoi laai nothing secret secrets
supersecret topsecret mysecret opensesame football monkeys loveyou lovelove love loveme
loveyoumore forever foreverlove babygirl babyboy angel angels hoangtu congchua cuoicung
thiendang thienthan thienthannho thuylinh thanhthao tienganh thegioi hoabinh hoahong
hoasen hoasua hoamai hoadao bongsen trongdong khuevancac vanmieu hoguom hoankiem hotay
"""

_COMMON = """
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsx zaq1zaq1 qwe123asd456
q1w2e3r4t5 q1w2e3r4t5y6 qwer1234asdf qwerty123qwe asdf1234asdf 1a2b3c4d5e a1b2c3d4e5
a1b2c3d4e5f6 abc123abc123 abc123def456 abcd1234abcd aa123456aa aa12345678 qq123456qq
123qweasdzxc 123qwe456asd 123abc456def 1qazxsw23edc !qaz2wsx#edc !qazxsw2#edc p@ssw0rd123
p@ssword123 p@ssw0rd1234 p@ssw0rd2026 pa$$w0rd123 pa$$word123 passw0rd123 m@tkhau123
m@tkhau1234 matkh@u123 matkh@u1234 m4tkh4u123 4dm1n12345 @dmin12345 admin@1234 admin@12345
admin@123456 admin@2025 admin@2026 hanoi@2025 hanoi@2026 vietnam@123 vietnam@2025 vietnam@2026
0123456789a a0123456789 1234567890a 1234567890q 1234567890abc abc1234567890 0987654321a
1122334455 11223344556 112233445566 5544332211 1231231234 1234512345 123456123456 1234554321
12345654321 123456654321 1212121212 1357924680 2468101214 0246813579 147258369 1472583690
147258369a 789456123 7894561230 159753159753 159357159357 1593572486 963852741 9638527410
31415926535 3141592653 2718281828 1029384756 0192837465 192837465a 987654321a 9876543210a
1123581321 thisisapassword thisismypassword correcthorsebatterystaple tobeornottobe
ihavenoidea idontknow123 nopassword123 1234567890qwertyuiop qwertyuiop123 qwertyuiop1234567890
"""

STEMS = frozenset(_STEMS.split())
COMMON = frozenset(_COMMON.split())
